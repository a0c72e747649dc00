package molecule_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"equifm/molecule"
)

func ExampleJudge() {
	r := molecule.NewXYZReader(strings.NewReader(`3
water
O  0.000  0.000 0.000
H  0.757  0.586 0.000
H -0.757  0.586 0.000
`), "water.xyz")
	m, err := r.Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	j := molecule.Judge(m, molecule.QM9Bonds())
	fmt.Println(j.StableAtoms, j.Stable, j.Valid, j.Fragments, j.SMILES)

	m.Elements[0] = molecule.F
	j = molecule.Judge(m, molecule.QM9Bonds())
	fmt.Println(j.StableAtoms, j.Stable, j.Valid, j.Reason)
	// Output:
	// 3 true true 1 [H]O[H]
	// 2 false false atom 0 (F): valence 2, allowed 1
}

// What cannot be judged is not valid, and says why.
func TestJudgeOddMolecules(t *testing.T) {
	nothing := molecule.Judge(&molecule.Molecule{}, molecule.QM9Bonds())
	if nothing.Valid || nothing.Reason != "no atoms" {
		t.Errorf("no atoms: %+v", nothing)
	}
	m := &molecule.Molecule{
		Elements: []molecule.Element{molecule.C, molecule.H},
		Pos:      [][3]float64{{}, {math.NaN(), 0, 0}},
	}
	lost := molecule.Judge(m, molecule.QM9Bonds())
	if lost.Valid || lost.Atoms != 2 || lost.Reason != "atom 1 (H): position is not finite" {
		t.Errorf("NaN: %+v", lost)
	}
	text, err := json.Marshal(lost)
	want := `{"atoms":2,"stable_atoms":0,"stable":false,"valid":false,"fragments":0,"smiles":null,` +
		`"reason":"atom 1 (H): position is not finite"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// The older validity of GEOM-Drugs forgives a fifth bond that is half of a
// double one.
func TestAllSingle(t *testing.T) {
	g := carbons(5, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{0, 4})
	g.Bonds[0].Order = molecule.Double
	strict, lenient := molecule.Judger{}, molecule.Judger{AllSingle: true}
	if j := strict.JudgeGraph(g); j.Valid {
		t.Errorf("valence 5 is valid: %+v", j)
	}
	if j := lenient.JudgeGraph(g); !j.Valid || j.StableAtoms != 0 {
		t.Errorf("all single: %+v, want valid, and the stability of the bonds as they are", j)
	}
}

// Judging in one Judger's memory leaves only the strings to allocate.
func TestJudgerAllocations(t *testing.T) {
	molecules := readMolecules(t, "../testdata/golden/molecules.xyz")[:100]
	judger := molecule.Judger{Table: molecule.QM9Bonds()}
	perRun := testing.AllocsPerRun(5, func() {
		for _, m := range molecules {
			judger.Judge(m)
		}
	})
	if perRun > 600 {
		t.Errorf("%.1f allocations a molecule", perRun/100)
	}
}

func BenchmarkJudge(b *testing.B) {
	molecules := readMolecules(b, "../testdata/golden/molecules.xyz")
	judger := molecule.Judger{Table: molecule.QM9Bonds()}
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		for _, m := range molecules {
			judger.Judge(m)
			count++
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "molecules/s")
}
