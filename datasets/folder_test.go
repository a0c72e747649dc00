package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A folder's files are read in the order of their names, XYZ and SDF alike; a file of
// another kind is passed over, one that cannot be read is named.
func TestLoadFolder(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("b.xyz", "1\nname=two\nSe 0 0 0\n1\nname=three\nH 0 0 0\n")
	put("c.sdf", "four\n\n\n  1  0  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000 Br  0  0\nM  END\n$$$$\n")
	put("a.xyz", "1\nname=one\nB 0 0 0\n")
	put("README.txt", "not a molecule")
	set, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(ElementsOf(set.Molecules)); len(set.Molecules) != 4 || got != "[H B Se Br]" || set.Molecules[3].Elements[0] != 35 {
		t.Errorf("%d molecules of %s: %+v", len(set.Molecules), got, set.Molecules)
	}
	put("d.xyz", "1\n\nH 0 0\n")
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "d.xyz:3") {
		t.Errorf("a bad file: %v", err)
	}
}

// A twentieth of a set without splits is held out, always the same; one that has splits,
// or next to no molecules, is left as it is.
func TestHoldOut(t *testing.T) {
	of := func(n int, comment string) *Set {
		s, err := Load(write(t, "a.xyz", strings.Repeat("1\n"+comment+"\nH 0 0 0\n", n)))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, again := of(300, ""), of(300, "")
	if s.HoldOut() != 15 || again.HoldOut() != 15 || s.Held != 15 || !slices.Equal(s.Splits["valid"], again.Splits["valid"]) {
		t.Errorf("held out %v and %v", s.Splits["valid"], again.Splits["valid"])
	}
	all := append(slices.Clone(s.Splits["valid"]), s.Splits["train"]...)
	slices.Sort(all)
	if len(slices.Compact(all)) != 300 || !slices.IsSorted(s.Splits["train"]) {
		t.Errorf("%d of 300 molecules in the splits", len(all))
	}
	if s.HoldOut() != 0 || of(9, "").HoldOut() != 0 || of(300, "split=train").HoldOut() != 0 {
		t.Error("held out twice, of nine molecules, or of a set that says its splits")
	}
	if one := of(10, ""); one.HoldOut() != 1 || len(one.Split("train")) != 9 {
		t.Error("of ten molecules not one is held out")
	}
}
