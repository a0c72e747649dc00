package datasets

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
)

// numpy 1.24's own numbers, and the split of 600 molecules as published sets
// of QM9 give it: testdata/golden/README.md says how they were drawn.
type splitGolden struct {
	Words    []uint32 `json:"seed0_uint32"` // the 696th to 700th
	Perm10   []int    `json:"seed0_permutation10"`
	Perm1000 []int    `json:"seed0_permutation1000_first20"`
	PermQM9  []int    `json:"seed0_permutation130831_first10"`
	Perm42   []int    `json:"seed42_permutation100000_last10"`
	Splits   [][2]any `json:"gdb_split"`
}

func readGolden(t *testing.T) (g splitGolden) {
	data, err := os.ReadFile(filepath.Join("..", "testdata", "golden", "qm9_split.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNumpyGolden(t *testing.T) {
	g := readGolden(t)
	mt := newMT19937(0)
	var words []uint32
	for range 700 {
		words = append(words, mt.Uint32())
	}
	if !reflect.DeepEqual(words[695:], g.Words) {
		t.Errorf("words 696 to 700: got %v, numpy %v", words[695:], g.Words)
	}
	perm42 := numpyPermutation(42, 100_000)
	for _, c := range []struct {
		name      string
		got, want []int
	}{
		{"permutation(10)", numpyPermutation(0, 10), g.Perm10},
		{"permutation(1000)", numpyPermutation(0, 1000)[:20], g.Perm1000},
		{"permutation(130831)", numpyPermutation(0, qm9Left)[:10], g.PermQM9},
		{"seed 42", perm42[len(perm42)-10:], g.Perm42},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: got %v, numpy %v", c.name, c.got, c.want)
		}
	}
}

func TestQM9SplitGolden(t *testing.T) {
	for _, pair := range readGolden(t).Splits {
		gdb, want := int(pair[0].(float64)), pair[1].(string)
		if got := QM9Split(gdb); got != want {
			t.Errorf("gdb %d: got %q, want %q", gdb, got, want)
		}
	}
	count := map[string]int{}
	for gdb := -1; gdb <= qm9Size+1; gdb++ {
		count[QM9Split(gdb)]++
	}
	want := map[string]int{"": 3_054 + 3, "train": 100_000, "valid": 17_748, "test": 13_083}
	if !reflect.DeepEqual(count, want) {
		t.Errorf("sizes %v, want %v", count, want)
	}
}

// BenchmarkBuiltin times what every default run starts with.
func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		s, err := Builtin()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(s.Molecules)*b.N)/b.Elapsed().Seconds(), "molecules/s")
	}
}

func TestBuiltin(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(sample) > 2<<20 {
		t.Errorf("the sample has %d bytes", len(sample))
	}
	if tr, va := len(s.Split("train")), len(s.Split("valid")); tr != 10_000 || va != 1_000 || len(s.Molecules) != tr+va {
		t.Fatalf("%d train, %d valid of %d", tr, va, len(s.Molecules))
	}
	for i := range s.Molecules {
		m := &s.Molecules[i]
		if m.Len() == 0 || len(m.Pos) != m.Len() {
			t.Fatalf("molecule %d: %d elements, %d positions", i, m.Len(), len(m.Pos))
		}
		if d := closest(m); d < 0.9 || d > 1.3 {
			t.Fatalf("molecule %d: its closest atoms are %g Å apart", i, d)
		}
	}
	if s.Split("test") != nil {
		t.Error("the sample has test molecules")
	}
}

// closest is the shortest distance of two atoms in Å.
func closest(m *molecule.Molecule) float64 {
	least := math.Inf(1)
	for i := range m.Pos {
		for j := range i {
			a, b := m.Pos[i], m.Pos[j]
			least = min(least, math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]))
		}
	}
	return least
}

func TestHalves(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	anon := &Set{Molecules: make([]molecule.Molecule, 101)}
	for i := range anon.Molecules {
		anon.Molecules[i].Name = string(rune('A' + i))
	}
	for _, set := range []*Set{s, newSet("anonymous", anon.Molecules)} {
		first, second := set.Halves()
		n := len(set.Split("train"))
		if len(first)+len(second) != n || math.Abs(float64(len(first)-len(second))) > 3*math.Sqrt(float64(n)) {
			t.Errorf("%s: halves of %d and %d", set.Name, len(first), len(second))
		}
	}
}

// halfGolden is one half of EDM's training set, as numpy and EDM's procedure make it:
// testdata/golden/qm9_halves.py.
type halfGolden struct {
	Count        int
	Begins, Ends []int
	Digest       string `json:"sha256_of_ascending_lines"`
}

// The halves hold EDM's molecules, all 50,000 of each.
func TestHalvesGolden(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "testdata", "golden", "qm9_halves.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ First, Second halfGolden }
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for half, g := range map[place]halfGolden{trainFirst: want.First, trainSecond: want.Second} {
		var lines strings.Builder
		count := 0
		for gdb, p := range qm9Places() {
			if p == half {
				fmt.Fprintln(&lines, gdb)
				count++
			}
		}
		if digest := fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String()))); count != g.Count || digest != g.Digest {
			t.Errorf("half %d: %d ids of digest %s, EDM's are %d of %s", half, count, digest, g.Count, g.Digest)
		}
		for _, gdb := range slices.Concat(g.Begins, g.Ends) {
			if p := qm9Places()[gdb]; p != half {
				t.Errorf("gdb %d is in place %d, EDM has it in %d", gdb, p, half)
			}
		}
	}
}

func TestSizeHistogram(t *testing.T) {
	mols := make([]molecule.Molecule, 4)
	for i, n := range []int{3, 5, 5, 0} {
		mols[i].Elements = make([]molecule.Element, n)
	}
	h := SizeHistogram(mols)
	if want := (Histogram{[]int{1, 0, 0, 1, 0, 2}, 4}); !reflect.DeepEqual(h, want) {
		t.Fatalf("got %v, want %v", h, want)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var seen [6]float64
	const draws = 40_000
	for range draws {
		seen[h.Sample(rng)]++
	}
	for n, c := range seen {
		p := h.Prob(n) // five standard deviations of a binomial share
		if math.Abs(c/draws-p) > 5*math.Sqrt(p*(1-p)/draws) {
			t.Errorf("size %d drawn with frequency %g, want %g", n, c/draws, p)
		}
	}
}

func TestPropertyStats(t *testing.T) {
	mols := make([]molecule.Molecule, 5)
	for i, v := range []string{"1", "2", "", "6", "-1e0"} {
		if v != "" {
			mols[i].SetProperty("mu", v)
		}
	}
	s, err := PropertyStats(mols, "mu")
	if want := (Stats{Mean: 2, MAD: 2, Count: 4}); err != nil || s != want {
		t.Errorf("got %+v (%v), want %+v", s, err, want)
	}
	if _, err := PropertyStats(mols, "gap"); err == nil {
		t.Error("a property that no molecule has gave no error")
	}
	mols[0].SetProperty("mu", "NaN")
	if _, err := PropertyStats(mols, "mu"); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("NaN: error %v", err)
	}
}
