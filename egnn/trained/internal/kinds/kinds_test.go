package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"equifm/molecule/chem"
	"equifm/molecule/smiles"
)

func TestKinds(t *testing.T) {
	for text, want := range map[string][]string{
		"CCO":                nil,
		"C1NC1":              {"aziridine"},
		"C1OC1CC#N":          {"oxirane", "nitrile"},
		"C1COC1":             {"oxetane"},
		"C1CNC1":             {"azetidine"},
		"C1CCCC1":            {"five"},
		"C1CCNC=C1":          {"six"},
		"c1cc[nH]c1":         {"five", "azole"},
		"c1ccccc1C#C":        {"six", "benzene", "alkyne"},
		"C1CCCCCC1":          {"seven"},
		"CC(=O)O":            {"carboxyl"},
		"CC(=O)OC":           {"carboxyl"},
		"NC=O":               {"amide"},
		"COC(=N)C":           nil,
		"C1CC2CC12":          nil, // a ring of 3 and one of 4, of carbon alone
		"c1ccc2[nH]ccc2c1":   {"five", "azole", "six", "benzene"},
		"C1=CC2CC1C2C(=O)NC": {"five", "amide"},
	} {
		s, err := smiles.Parse(text)
		if err == nil {
			err = new(chem.Sanitizer).Sanitize(s)
		}
		if err != nil {
			t.Fatal(text, err)
		}
		at, err := look(s)
		if err != nil {
			t.Fatal(text, err)
		}
		var held []string
		for _, k := range kinds {
			if k.in(at) {
				held = append(held, k.name)
			}
		}
		if !slices.Equal(held, want) {
			t.Errorf("%s: %v, expected %v", text, held, want)
		}
	}
}

// What is picked is of the kind, of the training split, stable, and as many as asked for.
func TestPick(t *testing.T) {
	dir := t.TempDir()
	file, out := filepath.Join(dir, "some.xyz"), filepath.Join(dir, "picked.xyz")
	const ethyne = "4\nsplit=%\nC 0 0 0.6\nC 0 0 -0.6\nH 0 0 1.66\nH 0 0 -1.66\n"
	const water = "3\nsplit=train\nO 0 0 0\nH 0.76 0.59 0\nH -0.76 0.59 0\n"
	text := water
	for _, split := range []string{"train", "test", "train"} {
		text += ethyne[:8] + split + ethyne[9:]
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{file}, "alkyne", 2, out, 1); err != nil {
		t.Fatal(err)
	}
	var c census
	picked, err := c.read(out, "alkyne")
	if err != nil || len(picked) != 2 || c.all != 2 || c.stable != 2 {
		t.Errorf("%+v, %d of them picked again, %v", c, len(picked), err)
	}
	if err := run([]string{file}, "alkyne", 3, out, 1); err == nil {
		t.Error("three are found of two")
	}
	if err := run([]string{file}, "alkin", 1, out, 1); err == nil {
		t.Error("a kind that there is not")
	}
}
