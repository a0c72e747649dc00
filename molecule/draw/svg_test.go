package draw_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/draw"
)

// A picture is well-formed XML with a ball an atom, whatever the captions say.
func TestPictureIsWellFormed(t *testing.T) {
	water := &molecule.Molecule{Elements: []molecule.Element{molecule.O, molecule.H, molecule.H}, Pos: [][3]float64{{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}}
	single := &molecule.Molecule{Elements: []molecule.Element{molecule.C}, Pos: [][3]float64{{1, 2, 3}}}
	mols := []*molecule.Molecule{water, single, {}}
	var graphs []*molecule.Graph
	for _, m := range mols {
		graphs = append(graphs, bonds.QM9().Perceive(m))
	}
	var b bytes.Buffer
	if err := draw.SVG(&b, mols, graphs, []string{"H2O", `<&"`, ""}, 2); err != nil {
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
