package metrics

import (
	"testing"

	"equifm/molecule"
)

// Elements that EDM's table lacks are stable at RDKit's valences; a metal that has no
// upper limit is where it is bonded. The table's own stay as they are.
func TestStableElements(t *testing.T) {
	for _, c := range []struct {
		symbol string
		sum    int
		want   bool
	}{
		{"Se", 2, true}, {"Se", 4, true}, {"Se", 3, false}, {"Se", 0, false}, {"Ge", 4, true}, {"Ge", 2, false},
		{"Na", 1, true}, {"Zn", 2, true}, {"Zn", 0, false}, {"Fe", 6, true}, {"Mg", 2, true}, {"Mg", 0, false},
		{"S", 4, true}, {"S", 2, false}, {"C", 4, true}, {"C", 2, false}, // as EDM has them
	} {
		e, ok := molecule.ParseElement(c.symbol)
		if !ok {
			t.Fatal(c.symbol)
		}
		if got := stable(e, c.sum); got != c.want {
			t.Errorf("%s with bonds of order %d altogether: stable %t", c.symbol, c.sum, got)
		}
	}
}
