package run

import (
	"io"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
)

// Molecules of other sizes than data.atoms has are neither learned nor held out, and sizes
// are drawn from those that are learned; a range without molecules is an error.
func TestAtomsAreKept(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Network.Hidden, c.Network.Layers, c.Data.Atoms = 8, 1, "12-15"
	r, err := PrepareOn(set, c, 1, func() float64 { return 0 }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Examples) < 100 || len(r.Valid) < 10 {
		t.Errorf("%d molecules to learn, %d held out", len(r.Examples), len(r.Valid))
	}
	for _, e := range append(r.Examples, r.Valid...) {
		if n := e.Atoms(); n < 12 || n > 15 {
			t.Fatalf("a molecule of %d atoms", n)
		}
	}
	if least, most := r.Model.Sizes.Range(); least != 12 || most != 15 {
		t.Errorf("sizes %d to %d", least, most)
	}
	c.Data.Atoms = "40-50"
	if _, err := PrepareOn(set, c, 1, func() float64 { return 0 }, io.Discard); err == nil || !strings.Contains(err.Error(), "no molecules of 40-50 atoms (data.atoms)") {
		t.Errorf("error %v", err)
	}
}
