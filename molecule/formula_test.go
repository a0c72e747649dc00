package molecule

import (
	"strings"
	"testing"
)

func TestFormulaFollowsHill(t *testing.T) {
	for want, elements := range map[string][]Element{
		"CH4O":  {O, H, C, H, H, H},
		"H2O":   {O, H, H},
		"C2BrF": {F, Br, C, C},
		"BrH":   {H, Br},
		"":      nil,
	} {
		if got := (&Molecule{Elements: elements}).Formula(); got != want {
			t.Errorf("%v: %q, want %q", elements, got, want)
		}
	}
}

// What Formula writes is read, and so is another order; what is none is an error.
func TestFormulaIsRead(t *testing.T) {
	for _, formula := range []string{"C6H8O2", "CH4", "C2BrF", "CClH3", "C12H22O11"} {
		atoms, err := ParseFormula(formula)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseFormula((&Molecule{Elements: atoms}).Formula())
		if err != nil || len(again) != len(atoms) {
			t.Errorf("%s: %v, again %v, error %v", formula, atoms, again, err)
		}
	}
	if atoms, err := ParseFormula("O2CHCl"); err != nil || (&Molecule{Elements: atoms}).Formula() != "CHClO2" {
		t.Errorf("O2CHCl: %v, error %v", atoms, err)
	}
	for text, want := range map[string]string{
		"": "expected elements", "C0": "0 atoms of C", "Xy2": `expected an element at "Xy2"`, "6C": "expected an element",
		"C99999": "expected 1 to 10000", "C(CH3)": "expected an element", "CH4 ": "expected an element", "é": "expected an element",
	} {
		if _, err := ParseFormula(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}
