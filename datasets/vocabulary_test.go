package datasets

import (
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
)

func TestDecodeInvertsEncode(t *testing.T) {
	m := &molecule.Molecule{Elements: []molecule.Element{molecule.O, molecule.H, molecule.F},
		Pos: [][3]float64{{0, 0, 1}, {0, 3, -1}, {3, 0, 0}}}
	for _, v := range []Vocabulary{QM9Vocabulary(), GEOMVocabulary()} {
		x, h, err := Encode[float64](v, m)
		if err != nil {
			t.Fatal(err)
		}
		if len(h) != 3*v.Features() {
			t.Fatalf("%d numbers for 3 atoms of %d features", len(h), v.Features())
		}
		got := Decode(v, x, h)
		if !slices.Equal(got.Elements, m.Elements) {
			t.Errorf("elements %v, want %v", got.Elements, m.Elements)
		}
		for i := range m.Pos { // the centre (1, 1, 0) moved to the origin
			want := [3]float64{m.Pos[i][0] - 1, m.Pos[i][1] - 1, m.Pos[i][2]}
			if got.Pos[i] != want {
				t.Errorf("atom %d at %v, want %v", i, got.Pos[i], want)
			}
		}
	}
}

// EDM's h = [one-hot/4, Z/10], 6 features on QM9.
func TestQM9Features(t *testing.T) {
	m := &molecule.Molecule{Elements: []molecule.Element{molecule.N}, Pos: [][3]float64{{}}}
	_, h, err := Encode[float64](QM9Vocabulary(), m)
	if want := []float64{0, 0, 0.25, 0, 0, 0.7}; err != nil || !slices.Equal(h, want) {
		t.Errorf("h = %v, want %v; error %v", h, want, err)
	}
}

func TestUnknownElementIsAnError(t *testing.T) {
	m := &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.Br}, Pos: make([][3]float64, 2)}
	if _, _, err := Encode[float32](QM9Vocabulary(), m); err == nil || !strings.Contains(err.Error(), "atom 2 is Br") {
		t.Errorf("error %v", err)
	}
}
