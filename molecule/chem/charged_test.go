package chem_test

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"testing"

	"equifm/molecule/chem"
	"equifm/molecule/formats"
	"equifm/molecule/smiles"
)

// Bonds and charges that RDKit wrote to a file, in either of its forms, are judged
// with their charges and spelt as RDKit spells them.
func TestStatedCharges(t *testing.T) {
	const name = "../../testdata/golden/sdf_charges.sdf"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r, n := formats.NewSDFReader(bytes.NewReader(data), name), 0
	for ; ; n++ {
		m, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if charge, _ := m.Property("charge"); charge != strconv.Itoa(m.Stated.Charge()) {
			t.Errorf("%s: charge %d, want %s", m.Name, m.Stated.Charge(), charge)
		}
		s, err := chem.Sanitize(m.Stated)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		text, _ := m.Property("smiles")
		want, err := smiles.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := smiles.Canonical(s); got != smiles.Canonical(want) {
			t.Errorf("%s: %s, want %s", m.Name, got, smiles.Canonical(want))
		}
		if m.Stated.Charges != nil { // without them it is another molecule, or none
			m.Stated.Charges = nil
			if s, err := chem.Sanitize(m.Stated); err == nil && smiles.Canonical(s) == smiles.Canonical(want) {
				t.Errorf("%s: the same without its charges", m.Name)
			}
		}
	}
	if n != 30 {
		t.Errorf("%d records, want 30", n)
	}
}
