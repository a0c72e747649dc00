package datasets

import (
	"strings"
	"testing"

	"equifm/molecule"
)

// What is kept has a size from one end to the other, both in; what is no range is refused.
func TestRange(t *testing.T) {
	var mols []molecule.Molecule
	for n := range 6 {
		mols = append(mols, molecule.Molecule{Elements: make([]molecule.Element, n)})
	}
	r, err := ParseRange("2-4")
	if err != nil {
		t.Fatal(err)
	}
	kept := r.Keep(mols)
	if len(kept) != 3 || kept[0].Len() != 2 || kept[2].Len() != 4 {
		t.Errorf("%d molecules kept: %v", len(kept), kept)
	}
	for _, text := range []string{"", "2", "2-", "4-2", "0-3", "2-4-6", "2-4 ", "-2-4", "02-4"} {
		if _, err := ParseRange(text); err == nil || !strings.Contains(err.Error(), "expected two whole numbers") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

// Built molecules are loaded by a name.
func TestLoadChains(t *testing.T) {
	set, err := Load("chains:3-5")
	if err != nil {
		t.Fatal(err)
	}
	h := SizeHistogram(set.Molecules)
	if least, most := h.Range(); least != 3 || most != 5 || len(set.Split("train")) != 2000 || len(set.Split("valid")) != 200 {
		t.Errorf("%d to %d atoms, splits of %d and %d", least, most, len(set.Split("train")), len(set.Split("valid")))
	}
	for name, want := range map[string]string{"chains:3": "expected two whole numbers", "chains:1-5": "expected 2 to"} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", name, err, want)
		}
	}
}
