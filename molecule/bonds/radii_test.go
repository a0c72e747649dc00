package bonds_test

import (
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

func element(t *testing.T, symbol string) molecule.Element {
	t.Helper()
	e, ok := molecule.ParseElement(symbol)
	if !ok {
		t.Fatalf("no element %q", symbol)
	}
	return e
}

// Lengths measured in molecules have the orders that chemistry gives them, where no
// length is published: CRC Handbook of Chemistry and Physics, section 9, and for the
// boronic acid its crystal.
func TestOrdersByRadii(t *testing.T) {
	for _, c := range []struct {
		a, b string
		pm   float64
		want molecule.BondOrder
		why  string
	}{
		{"C", "Se", 194, 1, "dimethyl selenide"}, {"C", "Se", 171, 2, "OCSe"}, {"H", "Se", 146, 1, "H2Se"},
		{"Se", "Se", 233, 1, "dimethyl diselenide"}, {"B", "C", 156, 1, "phenylboronic acid"}, {"B", "O", 137, 1, "phenylboronic acid"},
		{"B", "Si", 204, 1, "silylborane"}, {"C", "Ge", 195, 1, "tetramethylgermane"}, {"C", "Sn", 214, 1, "tetramethyltin"},
		{"C", "Zn", 193, 1, "dimethylzinc"}, {"C", "Te", 214, 1, "dimethyl telluride"}, {"C", "Se", 250, 0, "not bonded"},
		{"Os", "O", 171, 2, "OsO4"}, {"Na", "Cl", 236, 1, "NaCl"},
	} {
		a, b := element(t, c.a), element(t, c.b)
		for _, table := range []*bonds.Table{bonds.All(), bonds.Of([]molecule.Element{b, molecule.H, a, a})} {
			if got := table.Order(b, a, c.pm); got != c.want || !table.ByRadii(a, b) {
				t.Errorf("%s-%s at %v pm (%s): order %d by radii %t, want %d", c.a, c.b, c.pm, c.why, got, table.ByRadii(a, b), c.want)
			}
		}
	}
}

// Where lengths are published, radii change nothing.
func TestRadiiLeaveThePublishedLengths(t *testing.T) {
	published := 0
	for _, a := range molecule.GEOMElements() {
		for _, b := range molecule.GEOMElements() {
			if bonds.GEOM().Length(a, b, 1) == 0 {
				continue
			}
			published++
			for pm := 60.0; pm < 300; pm++ {
				if got, want := bonds.All().Order(a, b, pm), bonds.GEOM().Order(a, b, pm); got != want || bonds.All().ByRadii(a, b) {
					t.Fatalf("%v-%v at %v pm: order %d, published %d", a, b, pm, got, want)
				}
			}
		}
	}
	if published < 100 {
		t.Errorf("%d pairs with a published length", published)
	}
	if all := bonds.All(); all.Length(element(t, "Og"), molecule.H, 1) != 1.89 || all.Length(molecule.H, element(t, "Se"), 2) != 0 {
		t.Error("no radius of the last element, or a double bond to hydrogen")
	}
}
