package molecule_test

import (
	"errors"
	"testing"

	"equifm/molecule"
)

// What is written is read back as the same, perceived again or not.
func TestSMILESRoundTrip(t *testing.T) {
	judger := molecule.Judger{Table: molecule.QM9Bonds()}
	for i, m := range readMolecules(t, "../testdata/golden/molecules.xyz") {
		j := judger.Judge(m)
		if !j.Valid {
			continue
		}
		s, err := molecule.ParseSMILES(j.SMILES)
		if err != nil {
			t.Fatalf("molecule %d: %s: %v", i, j.SMILES, err)
		}
		if got := s.SMILES(); got != j.SMILES {
			t.Fatalf("molecule %d: %s read back is %s", i, j.SMILES, got)
		}
		if err := s.Sanitize(); err != nil {
			t.Fatalf("molecule %d: %s: %v", i, j.SMILES, err)
		}
		if got := s.SMILES(); got != j.SMILES {
			t.Fatalf("molecule %d: %s read back and sanitised is %s", i, j.SMILES, got)
		}
	}
}

// Ring numbers of two digits and more are written and read.
func TestSMILESManyRings(t *testing.T) {
	g := rook(16) // 1,920 bonds between 256 atoms
	s := molecule.NewStructure(g).SMILES()
	back, err := molecule.ParseSMILES(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Atoms) != 256 || len(back.Bonds) != 16*16*15 {
		t.Errorf("%d atoms, %d bonds", len(back.Atoms), len(back.Bonds))
	}
}

func TestParseSMILES(t *testing.T) {
	for smiles, want := range map[string]string{
		"":                     "",
		"[13CH3][C@@H](F)/C=C": "", // stereochemistry is dropped, the isotope kept
		"C%10CC%10":            "C1CC1",
		"C%(123)CC%(123)":      "C1CC1",
		"[O--].[Fe++]":         "[Fe+2].[O-2]",
		"C1.C1":                "CC",
		"c1ccccc1c1ccccc1":     "c1ccccc1-c1ccccc1",
	} {
		s, err := molecule.ParseSMILES(smiles)
		if err != nil {
			t.Errorf("%s: %v", smiles, err)
			continue
		}
		if want == "" {
			continue
		}
		same, err := molecule.ParseSMILES(want)
		if err != nil {
			t.Fatal(err)
		}
		if s.SMILES() != same.SMILES() {
			t.Errorf("%s: %s, want %s", smiles, s.SMILES(), same.SMILES())
		}
	}
}

func TestParseSMILESRefuses(t *testing.T) {
	for _, smiles := range []string{
		"C(", "C)", "C()", "C1", "C=", "=C", "C==C", "C.", ".C", "C..C", "1CC1", "C11", "C12CC12", "C=1CC#1",
		"[C", "[", "[]", "[Xx]", "[C+-]", "[C:1]", "*", "[CH3+999]", "X", "c%1", "c%(1", "C$C", "C(C.C)", "b:b", "é", "C C",
	} {
		_, err := molecule.ParseSMILES(smiles)
		var where *molecule.SMILESError
		if !errors.As(err, &where) || where.Offset < 0 || where.Offset > len(smiles) {
			t.Errorf("%q: %v", smiles, err)
		}
	}
}

// No string makes the reader, the sanitiser or the writer panic, and what they
// write reads back as what it was.
func FuzzParseSMILES(f *testing.F) {
	for _, smiles := range []string{
		"", "C", "[H]C([H])([H])O[H]", "c1cc[nH]c1", "C%12CC%12", "[13CH3-].[Fe++]", "CN(=O)=O", "F/C=C\\F",
		"C12C3C4C1C5C2C3C45", "[se]1cccc1", "O=Cl(=O)(=O)O", "[C@@H](F)(Cl)Br", "c1ccccc1-c1ccccc1", "B1C=CC=CC=1", "b:b",
	} {
		f.Add(smiles)
	}
	f.Fuzz(func(t *testing.T, smiles string) {
		if len(smiles) > 200 {
			return
		}
		s, err := molecule.ParseSMILES(smiles)
		if err != nil {
			return
		}
		check := func() {
			want := s.SMILES()
			back, err := molecule.ParseSMILES(want)
			if err != nil {
				t.Fatalf("%q is written as %q: %v", smiles, want, err)
			}
			if got := back.SMILES(); got != want {
				t.Fatalf("%q is written as %q and that as %q", smiles, want, got)
			}
		}
		check()
		if s.Sanitize() == nil {
			check()
		}
	})
}
