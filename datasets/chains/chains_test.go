package chains

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// Every molecule has the atoms that were asked for and is stable, valid, in one piece
// and passes the geometry checks; its bonds have the table's lengths.
func TestBuiltMoleculesAreMolecules(t *testing.T) {
	judger := metrics.Judger{Table: bonds.QM9()}
	seen := map[molecule.Element]int{}
	rings := 0
	check := func(n, k int) {
		t.Helper()
		m, err := Build(n, rand.New(rand.NewPCG(uint64(n), uint64(k))))
		if err != nil {
			t.Fatal(err)
		}
		j := judger.JudgeAll([]*molecule.Molecule{m})[0]
		if m.Len() != n || !j.Stable || !j.Valid || j.Fragments != 1 || !j.Checks.Passed() {
			t.Fatalf("%d atoms, number %d: %d of %d atoms stable, %d pieces of %s, checks %v", n, k, j.StableAtoms, m.Len(), j.Fragments, j.SMILES, j.Checks)
		}
		for _, b := range j.Graph.Bonds {
			d, want := math.Sqrt(m.SquaredDistance(b.I, b.J)), length(m.Elements[b.I], m.Elements[b.J])
			if b.Order != molecule.Single || math.Abs(d-want) > 1e-9 {
				t.Fatalf("%d atoms, number %d: a bond %v–%v of order %d, %v Å long", n, k, m.Elements[b.I], m.Elements[b.J], b.Order, d)
			}
		}
		rings += len(j.Graph.Bonds) - n + 1
		for _, e := range m.Elements {
			seen[e]++
		}
	}
	for n := 2; n <= 40; n++ {
		for k := range 20 {
			check(n, k)
		}
	}
	for n := 41; n <= 200; n += 3 {
		check(n, 0)
	}
	check(500, 0)
	for _, e := range molecule.QM9Elements() {
		if seen[e] < 20 {
			t.Errorf("%d atoms are %v", seen[e], e)
		}
	}
	if rings < 50 {
		t.Errorf("%d rings", rings)
	}
}

// Angles at the middle of three atoms are a tetrahedron's but in rings, where they are
// within 10° of it.
func TestAngles(t *testing.T) {
	for k := range 40 {
		m, err := Build(60, rand.New(rand.NewPCG(7, uint64(k))))
		if err != nil {
			t.Fatal(err)
		}
		around := make([][]int32, m.Len())
		for _, b := range bonds.QM9().Perceive(m).Bonds {
			around[b.I], around[b.J] = append(around[b.I], b.J), append(around[b.J], b.I)
		}
		for i, neighbours := range around {
			for a, p := range neighbours {
				for _, q := range neighbours[:a] {
					u, v := unit(sub(m.Pos[p], m.Pos[i])), unit(sub(m.Pos[q], m.Pos[i]))
					if angle := math.Acos(dot(u, v)) * 180 / math.Pi; math.Abs(angle-109.47) > 14 {
						t.Fatalf("molecule %d: %v–%v–%v at %.1f°", k, m.Elements[p], m.Elements[i], m.Elements[q], angle)
					}
				}
			}
		}
	}
}

// A set is always the same, of all its sizes, and says what is to be held out.
func TestSet(t *testing.T) {
	a, err := Set(2, 6)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Set(2, 6)
	if !reflect.DeepEqual(a, b) {
		t.Error("two sets of one name differ")
	}
	var sizes []int
	valid := 0
	for _, m := range a {
		if !slices.Contains(sizes, m.Len()) {
			sizes = append(sizes, m.Len())
		}
		if split, _ := m.Property("split"); split == "valid" {
			valid++
		}
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []int{2, 3, 4, 5, 6}) || len(a) != Training+Valid || valid != Valid {
		t.Errorf("%d molecules, %d of them held out, of sizes %v", len(a), valid, sizes)
	}
	for _, c := range [][2]int{{1, 6}, {6, 2}, {2, 100_000}} {
		if _, err := Set(c[0], c[1]); err == nil {
			t.Errorf("%v was built", c)
		}
	}
}
