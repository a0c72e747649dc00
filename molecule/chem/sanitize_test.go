package chem_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/smiles"
)

// The verdict names the first atom that cannot be, and what it could be.
func TestValenceReasons(t *testing.T) {
	for text, want := range map[string]string{
		"C(C)(C)(C)(C)C":     "atom 1 (C): valence 5, allowed 4",
		"CN(C)(C)C":          "atom 2 (N): valence 4, allowed 3",
		"CO(C)C":             "atom 2 (O): valence 3, allowed 2",
		"FF(F)":              "atom 2 (F): valence 2, allowed 1",
		"[H]([H])[H]":        "atom 1 (H): valence 2, allowed 1",
		"CS(=O)(=O)(=O)C":    "atom 2 (S): valence 8, allowed 2, 4 or 6",
		"FP(F)(F)(F)(F)(F)F": "",
		"CB(C)(C)C":          "atom 2 (B): valence 4, allowed 3",
		"C[N+](C)(C)(C)C":    "atom 2 (N+): valence 5, allowed 4",
		"CC[O-]C":            "atom 3 (O-): valence 2, allowed 1",
		"F[Hg](F)(F)(F)(F)F": "",
		"C[Si](C)(C)(C)C":    "",
		"c1cccc1":            "atom 1 (C): aromatic, but no double bond can be placed on it",
	} {
		s, err := smiles.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := new(chem.Sanitizer).Sanitize(s); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	g := moleculetest.Carbons(6, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{0, 4}, [2]int{0, 5})
	_, err := chem.Sanitize(g)
	var v *chem.ValenceError
	if !errors.As(err, &v) || v.Atom != 0 || v.Valence != 5 || !reflect.DeepEqual(v.Allowed, []int{4}) {
		t.Errorf("five bonds on carbon: %#v", err)
	}
}

// What RDKit 2022.09 makes of a SMILES string, Sanitize makes of it too: the
// first string of each pair is read and sanitised, the second, RDKit's own
// canonical one, only read.
func TestPerceivedAsRDKitDoes(t *testing.T) {
	for _, pair := range [][2]string{
		{"C1=CC=CC=C1", "c1ccccc1"},
		{"c1ccccc1", "c1ccccc1"},
		{"CC1=C(C)C=CC=C1", "Cc1ccccc1C"},
		{"CC=1C(C)=CC=CC=1", "Cc1ccccc1C"},
		{"C1=CC=C2C(=C1)C=CC3=CC=CC=C32", "c1ccc2c(c1)ccc1ccccc12"},
		{"C1=CC2=CC=CC2=CC=C1", "c1ccc2cccc-2cc1"},
		{"C1=CC2=CC=CC=C12", "C1=Cc2ccccc21"},
		{"C1=CC=CC2=C1C3=CC=CC=C23", "c1ccc2c(c1)-c1ccccc1-2"},
		{"C1=CC=CC=CC=C1", "C1=CC=CC=CC=C1"},
		{"C1=CC2=CC=C1C=C2", "c1cc2ccc1cc2"},
		{"C1#CC=CC=C1", "c1ccccc#1"},
		{"C1=CNC=C1", "c1cc[nH]c1"},
		{"C1=CN([H])C=C1", "[H]n1cccc1"},
		{"N1N=NN=C1", "c1nnn[nH]1"},
		{"N1NN1", "[nH]1[nH][nH]1"},
		{"N1N2NN12", "[nH]1n2[nH]n12"},
		{"B1C=CC=CC=1", "b1ccccc1"},
		{"O=C1C=CNC=C1", "O=c1cc[nH]cc1"},
		{"O=C1C=CC=CC=C1", "O=c1cccccc1"},
		{"O=C1C=CC(=O)C=C1", "O=C1C=CC(=O)C=C1"},
		{"C1=CC=CC1=O", "O=C1C=CC=C1"},
		{"C1=CC(=C)C=C1", "C=C1C=CC=C1"},
		{"O=S1(=O)C=CC=C1", "O=S1(=O)C=CC=C1"},
		{"CN(=O)=O", "C[N+](=O)[O-]"},
		{"C=N#N", "C=[N+]=[N-]"},
		{"CN=N#N", "CN=[N+]=[N-]"},
		{"O=N1=CC=CC=C1", "[O-][n+]1ccccc1"},
		{"CC=P(=O)C", "CC=[P+](C)[O-]"},
		{"C=P(=O)C", "C=P(C)=O"},
		{"O=Cl(=O)(=O)O", "[O-][Cl+3]([O-])([O-])O"},
		{"CS(=O)C", "CS(C)=O"},
		{"CS(C)C", "C[SH](C)C"},
		{"[H][H]", "[H][H]"},
		{"O.C", "C.O"},
	} {
		s, err := smiles.Parse(pair[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := new(chem.Sanitizer).Sanitize(s); err != nil {
			t.Errorf("%s: %v", pair[0], err)
			continue
		}
		want, err := smiles.Parse(pair[1])
		if err != nil {
			t.Fatal(err)
		}
		if smiles.Canonical(s) != smiles.Canonical(want) {
			t.Errorf("%s: %s, want %s", pair[0], smiles.Canonical(s), smiles.Canonical(want))
		}
	}
}

// A graph whose file says only that its bonds are aromatic is the same molecule.
func TestAromaticBondsOfAFile(t *testing.T) {
	g := moleculetest.Circulant(6, 1)
	for i := range g.Bonds {
		g.Bonds[i].Order = molecule.Aromatic
	}
	s, err := chem.Sanitize(g)
	if err != nil || smiles.Canonical(s) != "c1ccccc1" {
		t.Errorf("%v, %v", s, err)
	}
	g = moleculetest.Circulant(5, 1)
	for i := range g.Bonds {
		g.Bonds[i].Order = molecule.Aromatic
	}
	if s, err := chem.Sanitize(g); err == nil {
		t.Errorf("five aromatic carbons are %s", smiles.Canonical(s))
	}
}

// Sanitize changes neither the graph nor, a second time, anything.
func TestSanitizeTwice(t *testing.T) {
	for _, m := range moleculetest.Golden(t) {
		g := bonds.QM9().Perceive(m)
		bonds := slices.Clone(g.Bonds)
		s, err := chem.Sanitize(g)
		if !slices.Equal(g.Bonds, bonds) {
			t.Fatal("Sanitize changed the graph")
		}
		if err != nil {
			continue
		}
		once := smiles.Canonical(s)
		if err := new(chem.Sanitizer).Sanitize(s); err != nil || smiles.Canonical(s) != once {
			t.Fatalf("%s sanitised again: %s, %v", once, smiles.Canonical(s), err)
		}
	}
}
