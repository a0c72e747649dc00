package molecule

import (
	"bytes"
	"encoding/xml"
	"io"
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

// A picture is well-formed XML with a ball an atom, whatever the captions say.
func TestPictureIsWellFormed(t *testing.T) {
	water := &Molecule{Elements: []Element{O, H, H}, Pos: [][3]float64{{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}}
	single := &Molecule{Elements: []Element{C}, Pos: [][3]float64{{1, 2, 3}}}
	mols := []*Molecule{water, single, {}}
	var graphs []*Graph
	for _, m := range mols {
		graphs = append(graphs, QM9Bonds().Perceive(m))
	}
	var b bytes.Buffer
	if err := WriteSVG(&b, mols, graphs, []string{"H2O", `<&"`, ""}, 2); err != nil {
		t.Fatal(err)
	}
	balls := strings.Count(b.String(), "<circle")
	d := xml.NewDecoder(&b)
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if balls != 4 {
		t.Errorf("%d balls for 4 atoms", balls)
	}
}
