package molecule

import "testing"

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
