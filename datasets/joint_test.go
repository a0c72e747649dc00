package datasets

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"equifm/molecule"
)

// sized returns molecules of so many atoms each.
func sized(sizes ...int) []molecule.Molecule {
	mols := make([]molecule.Molecule, len(sizes))
	for i, n := range sizes {
		mols[i].Elements = make([]molecule.Element, n)
	}
	return mols
}

// What is drawn has the frequencies of what was counted, size by size.
func TestJointDrawsWhatItCounted(t *testing.T) {
	mols := sized(3, 3, 3, 3, 5)
	j := NewJoint(mols, []float64{1, 1, 1, 2, 7})
	if err := j.Check(); err != nil {
		t.Fatal(err)
	}
	if least, most := j.Range(); least != 1 || most != 7 {
		t.Errorf("range %v to %v", least, most)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	ones := 0
	for range 4000 {
		v := j.Value(3, rng)
		if v < 1 || v > 2 || v > 1.001 && v < 1.999 {
			t.Fatalf("drew %v of 3 atoms, expected 1 or 2 to a bin", v)
		}
		if v < 1.5 {
			ones++
		}
		if v := j.Value(5, rng); v != 7 {
			t.Fatalf("drew %v of 5 atoms, expected 7", v)
		}
	}
	if ones < 2850 || ones > 3150 { // 3000 ± 5 standard deviations
		t.Errorf("1 was drawn %d times of 4000, expected some 3000", ones)
	}
	if v := j.Value(4, rng); v > 2 {
		t.Errorf("of 4 atoms, which no molecule has, %v was drawn; expected one of 3 atoms", v)
	}
}

// The size of a value is one of those that have it; far away, of those nearest.
func TestJointSizes(t *testing.T) {
	mols, values := sized(3, 4, 4, 4, 9), []float64{10, 10, 10, 11, 50}
	j, rng := NewJoint(mols, values), rand.New(rand.NewPCG(3, 4))
	count := map[int]int{}
	for range 3000 {
		count[j.Size(10, 0.1, rng)]++
	}
	if count[3] < 850 || count[3] > 1150 || count[3]+count[4] != 3000 {
		t.Errorf("sizes of value 10: %v, expected 3 and 4 as 1 to 2", count)
	}
	for _, c := range []struct {
		value float64
		size  int
	}{{50, 9}, {1000, 9}, {49, 9}, {11.01, 4}} {
		if n := j.Size(c.value, 0.05, rng); n != c.size {
			t.Errorf("size of value %v: %d, expected %d", c.value, n, c.size)
		}
	}
}

func TestJointSurvivesJSON(t *testing.T) {
	j := NewJoint(sized(2, 4, 4), []float64{1.25, 3, 3})
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	var back Joint
	if err := json.Unmarshal(text, &back); err != nil || back.Check() != nil {
		t.Fatal(err, back.Check())
	}
	a, b := rand.New(rand.NewPCG(5, 6)), rand.New(rand.NewPCG(5, 6))
	for range 20 {
		if v, w := j.Value(4, a), back.Value(4, b); v != w {
			t.Errorf("drew %v, and %v after JSON", v, w)
		}
	}
	bad := NewJoint(sized(2), []float64{1})
	bad.BySize[2].Counts[3] = -1
	for _, j := range []Joint{{}, bad, {BySize: []Bins{{}, {Least: 2, Most: 1, Counts: make([]int, jointBins)}}}, {BySize: []Bins{{}, {Counts: []int{1}}}}} {
		if j.Check() == nil {
			t.Errorf("%+v is taken", j)
		}
	}
}

func TestMedianBySize(t *testing.T) {
	f := MedianBySize(sized(3, 3, 3, 8, 8), []float64{1, 50, 2, 10, 20})
	for n, want := range map[int]float64{3: 2, 8: 15, 1: 2, 5: 2, 6: 15, 30: 15} {
		if got := f(n); got != want {
			t.Errorf("of %d atoms: %v, expected %v", n, got, want)
		}
	}
}

func TestQuantities(t *testing.T) {
	m := sized(1, 1)
	m[0].SetProperty("gap", "0.5")
	m[0].SetProperty("alpha", "63.2")
	q, err := QuantityOf("gap")
	if err != nil {
		t.Fatal(err)
	}
	known, values, err := q.Known(m)
	if err != nil || len(known) != 1 || math.Abs(values[0]-13.6057) > 1e-9 || math.Abs(q.Error(0.25)-250) > 1e-9 {
		t.Errorf("half a hartree is %v eV, error %v; 0.25 eV are %v %s", values, err, q.Error(0.25), q.ErrorUnit)
	}
	if s, err := q.Stats(m); err != nil || math.Abs(s.Mean-13.6057) > 1e-9 {
		t.Errorf("mean %v eV, error %v", s.Mean, err)
	}
	if q, _ = QuantityOf("mu"); true {
		if known, _, err := q.Known(m); err != nil || len(known) > 0 {
			t.Errorf("%d molecules have mu, error %v", len(known), err)
		}
		m[1].SetProperty("mu", "large")
		if _, _, err := q.Known(m); err == nil || !strings.Contains(err.Error(), `found "large"`) {
			t.Errorf("error %v", err)
		}
	}
	if _, err := QuantityOf("U0"); err == nil || !strings.Contains(err.Error(), "alpha, gap, homo, lumo, mu, Cv") {
		t.Errorf("error %v", err)
	}
}

// Every property is known of enough of the sample, as QM9 has it.
func TestBuiltinProperties(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range QuantityKeys() {
		q, _ := QuantityOf(key)
		train, _, errTrain := q.Known(s.Split("train"))
		valid, _, errValid := q.Known(s.Split("valid"))
		if errTrain != nil || errValid != nil || len(train) < 2000 || len(valid) < 150 {
			t.Errorf("%s: %d molecules to train, %d to validate, errors %v %v", key, len(train), len(valid), errTrain, errValid)
		}
	}
	for i := range s.Molecules {
		if m := &s.Molecules[i]; m.Properties[0].Value == "48" { // QM9's own line
			for key, want := range map[string]string{"mu": "1.7978", "alpha": "34.56", "homo": "-0.2424", "lumo": "0.0859", "gap": "0.3283", "Cv": "12.915"} {
				if got, _ := m.Property(key); got != want {
					t.Errorf("gdb 48: %s = %s, QM9 has %s", key, got, want)
				}
			}
		}
	}
	for i := range s.Molecules { // the gap is what is between the orbitals, to the last decimal
		m := &s.Molecules[i]
		homo, ok, _ := Value(m, "homo")
		lumo, _, _ := Value(m, "lumo")
		gap, _, _ := Value(m, "gap")
		if ok && math.Abs(lumo-homo-gap) > 1.01e-4 {
			t.Errorf("%s: homo %v, lumo %v, gap %v Eh", m.Properties[0].Value, homo, lumo, gap)
		}
	}
}
