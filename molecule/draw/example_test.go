package draw_test

import (
	"fmt"
	"strings"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/draw"
)

// Carbon dioxide: three balls, and two lines for each double bond.
func Example() {
	m := &molecule.Molecule{
		Elements: []molecule.Element{molecule.O, molecule.C, molecule.O},
		Pos:      [][3]float64{{-1.17, 0, 0}, {0, 0, 0}, {1.17, 0, 0}},
	}
	var svg strings.Builder
	err := draw.SVG(&svg, []*molecule.Molecule{m}, []*molecule.Graph{bonds.QM9().Perceive(m)}, []string{m.Formula()}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(svg.String(), "<circle"), "balls,", strings.Count(svg.String(), "<line"), "lines")
	// Output: 3 balls, 4 lines
}
