package formats

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
)

// The marks on atoms' lines are what a file without a line of charges has, and
// nothing once it has one, or one of radicals.
func TestSDFChargeMarks(t *testing.T) {
	const line = "M  CHG  1   1   1\n"
	for _, c := range []struct {
		marks string // of the three atoms
		line  string
		want  []int8
	}{
		{"000", "", nil},
		{"300", "", []int8{1, 0, 0}},
		{"123", "", []int8{3, 2, 1}},
		{"567", "", []int8{-1, -2, -3}},
		{"450", "", []int8{0, -1, 0}},
		{"567", line, []int8{1, 0, 0}},
		{"567", "M  CHG  1   2  -2\n" + line, []int8{1, -2, 0}},
		{"567", "M  RAD  1   1   2\n", nil},
		{"567", "M  RAD  1   1   2\n" + line, []int8{1, 0, 0}},
		{"567", line + "M  RAD  1   1   2\nM  ISO  1   1  18\n", []int8{1, 0, 0}},
	} {
		text := "\n\n\n  3  2  0  0  0  0  0  0  0  0999 V2000\n"
		for _, mark := range c.marks {
			text += fmt.Sprintf("    0.0000    0.0000    0.1193 O   0  %c  0  0\n", mark)
		}
		text += "  1  2  1  0\n  1  3  1  0\n" + c.line + "M  END\n$$$$\n"
		m, err := NewSDFReader(strings.NewReader(text), "t.sdf").Read()
		if err != nil || !slices.Equal(m.Stated.Charges, c.want) || len(m.Stated.Bonds) != 2 {
			t.Errorf("marks %s, %q: read %+v (%v), want %v", c.marks, c.line, m, err, c.want)
		}
	}
}

// What a record does not state is not there, and charges alone are stated.
func TestSDFStated(t *testing.T) {
	m := &molecule.Molecule{Elements: []molecule.Element{molecule.B, molecule.Cl}, Pos: [][3]float64{{}, {2.4, 0, 0}}}
	for _, charges := range [][]int8{nil, {1, -1}} {
		var buf bytes.Buffer
		if err := NewSDFWriter(&buf).Write(m, &molecule.Graph{Elements: m.Elements, Charges: charges}); err != nil {
			t.Fatal(err)
		}
		got, err := NewSDFReader(&buf, "t.sdf").Read()
		if err != nil || (got.Stated == nil) != (charges == nil) || charges != nil && !slices.Equal(got.Stated.Charges, charges) {
			t.Errorf("%v: read %+v (%v)", charges, got, err)
		}
	}
	if err := NewSDFWriter(new(bytes.Buffer)).Write(m, &molecule.Graph{Elements: m.Elements, Charges: []int8{16, 0}}); err == nil {
		t.Error("a charge of 16 was written")
	}
}
