package metrics

import (
	"testing"

	"equifm/molecule"
	"equifm/molecule/internal/moleculetest"
)

func TestStableAtoms(t *testing.T) {
	var sums []int
	g := moleculetest.Carbons(5, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{0, 4}) // neopentane's carbons
	if n := stableAtoms(g, &sums); n != 1 {
		t.Errorf("%d stable atoms, want 1", n)
	}
	g.Elements = []molecule.Element{molecule.C, molecule.H, molecule.H, molecule.H, molecule.H}
	if n := stableAtoms(g, &sums); n != 5 {
		t.Errorf("methane: %d stable atoms, want 5", n)
	}
	g.Bonds[0].Order = molecule.Double
	if n := stableAtoms(g, &sums); n != 3 {
		t.Errorf("methane with a double bond: %d stable atoms, want 3", n)
	}
}
