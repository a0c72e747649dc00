package smiles_test

import (
	"errors"
	"testing"

	"equifm/molecule/bonds"
	"equifm/molecule/chem"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/smiles"
)

// What is written is read back as the same, perceived again or not.
func TestSMILESRoundTrip(t *testing.T) {
	for i, m := range moleculetest.Golden(t) {
		s, err := chem.Sanitize(bonds.QM9().Perceive(m))
		if err != nil {
			continue
		}
		want := smiles.Canonical(s)
		if s, err = smiles.Parse(want); err != nil {
			t.Fatalf("molecule %d: %s: %v", i, want, err)
		}
		if got := smiles.Canonical(s); got != want {
			t.Fatalf("molecule %d: %s read back is %s", i, want, got)
		}
		if err := new(chem.Sanitizer).Sanitize(s); err != nil {
			t.Fatalf("molecule %d: %s: %v", i, want, err)
		}
		if got := smiles.Canonical(s); got != want {
			t.Fatalf("molecule %d: %s read back and sanitised is %s", i, want, got)
		}
	}
}

// Ring numbers of two digits and more are written and read.
func TestSMILESManyRings(t *testing.T) {
	g := rook(16) // 1,920 bonds between 256 atoms
	s := bare(g)
	back, err := smiles.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Atoms) != 256 || len(back.Bonds) != 16*16*15 {
		t.Errorf("%d atoms, %d bonds", len(back.Atoms), len(back.Bonds))
	}
}

func TestParseSMILES(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"[13CH3][C@@H](F)/C=C": "", // stereochemistry is dropped, the isotope kept
		"C%10CC%10":            "C1CC1",
		"C%(123)CC%(123)":      "C1CC1",
		"[O--].[Fe++]":         "[Fe+2].[O-2]",
		"C1.C1":                "CC",
		"c1ccccc1c1ccccc1":     "c1ccccc1-c1ccccc1",
	} {
		s, err := smiles.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if want == "" {
			continue
		}
		same, err := smiles.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		if smiles.Canonical(s) != smiles.Canonical(same) {
			t.Errorf("%s: %s, want %s", text, smiles.Canonical(s), smiles.Canonical(same))
		}
	}
}

func TestParseSMILESRefuses(t *testing.T) {
	for _, text := range []string{
		"C(", "C)", "C()", "C1", "C=", "=C", "C==C", "C.", ".C", "C..C", "1CC1", "C11", "C12CC12", "C=1CC#1",
		"[C", "[", "[]", "[Xx]", "[C+-]", "[C:1]", "*", "[CH3+999]", "X", "c%1", "c%(1", "C$C", "C(C.C)", "b:b", "é", "C C",
	} {
		_, err := smiles.Parse(text)
		var where *smiles.Error
		if !errors.As(err, &where) || where.Offset < 0 || where.Offset > len(text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// No string makes the reader, the sanitiser or the writer panic, and what they
// write reads back as what it was.
func FuzzParseSMILES(f *testing.F) {
	for _, text := range []string{
		"", "C", "[H]C([H])([H])O[H]", "c1cc[nH]c1", "C%12CC%12", "[13CH3-].[Fe++]", "CN(=O)=O", "F/C=C\\F",
		"C12C3C4C1C5C2C3C45", "[se]1cccc1", "O=Cl(=O)(=O)O", "[C@@H](F)(Cl)Br", "c1ccccc1-c1ccccc1", "B1C=CC=CC=1", "b:b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		s, err := smiles.Parse(text)
		if err != nil {
			return
		}
		check := func() {
			want := smiles.Canonical(s)
			back, err := smiles.Parse(want)
			if err != nil {
				t.Fatalf("%q is written as %q: %v", text, want, err)
			}
			if got := smiles.Canonical(back); got != want {
				t.Fatalf("%q is written as %q and that as %q", text, want, got)
			}
		}
		check()
		if new(chem.Sanitizer).Sanitize(s) == nil {
			check()
		}
	})
}
