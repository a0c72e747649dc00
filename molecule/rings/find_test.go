package rings_test

import (
	"testing"

	"equifm/molecule"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/rings"
)

// The rings of cages are their faces, but for those that have no bond of their
// own beside smaller ones; and a ring's bonds join its atoms.
func TestFacesOfCages(t *testing.T) {
	for _, c := range []struct {
		name  string
		g     *molecule.Graph
		faces map[int]int // by size
	}{
		{"a ring of 6", moleculetest.Circulant(6, 1), map[int]int{6: 1}},
		{"cubane", moleculetest.GeneralisedPetersen(4, 1), map[int]int{4: 6}},
		{"prismane of 5", moleculetest.GeneralisedPetersen(5, 1), map[int]int{4: 5}}, // removeExtraRings drops the pentagons
		{"dodecahedrane", moleculetest.GeneralisedPetersen(10, 2), map[int]int{5: 12}},
		{"C60", moleculetest.TruncatedIcosahedron(), map[int]int{5: 12, 6: 20}},
		{"a chain", moleculetest.Carbons(3, [2]int{0, 1}, [2]int{1, 2}), map[int]int{}},
		{"no atoms", &molecule.Graph{}, map[int]int{}},
	} {
		var links molecule.Links
		links.Link(len(c.g.Elements), c.g.Bonds)
		var f rings.Finder
		if err := f.Find(&links, c.g.Bonds); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, uses := map[int]int{}, int32(0)
		for _, r := range f.Rings {
			got[r.Len()]++
			uses += int32(r.Len())
			for k, b := range f.Bonds(r) {
				i, j := f.Atoms(r)[k], f.Atoms(r)[(k+1)%r.Len()]
				if links.Between(i, j) != b {
					t.Errorf("%s: bond %d of a ring does not join atoms %d and %d", c.name, b, i, j)
				}
			}
		}
		for _, n := range f.BondUses {
			uses -= n
		}
		if uses != 0 {
			t.Errorf("%s: uses of bonds are off by %d", c.name, uses)
		}
		for size, n := range c.faces {
			if got[size] != n {
				t.Errorf("%s: %d rings of %d, want %d", c.name, got[size], size, n)
			}
		}
		if len(got) != len(c.faces) {
			t.Errorf("%s: rings %v, want %v", c.name, got, c.faces)
		}
	}
}
