package molecule_test

import (
	"fmt"

	"equifm/molecule"
)

// Methanol and, beside it, a hydrogen molecule: two fragments.
func Example() {
	m := &molecule.Molecule{Elements: []molecule.Element{
		molecule.C, molecule.O, molecule.H, molecule.H, molecule.H, molecule.H, molecule.H, molecule.H}}
	var bonds []molecule.Bond
	for _, p := range [][2]int32{{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 5}, {6, 7}} {
		bonds = append(bonds, molecule.Bond{I: p[0], J: p[1], Order: molecule.Single})
	}
	var links molecule.Links
	links.Link(m.Len(), bonds)
	label, stack := make([]int32, m.Len()), []int32(nil)
	fmt.Println(m.Formula(), "in", links.Fragments(label, &stack), "fragments", label)
	for _, n := range links.Around(1) {
		fmt.Println("oxygen is bonded to", m.Elements[n.Atom])
	}
	// Output:
	// CH6O in 2 fragments [0 0 0 0 0 0 1 1]
	// oxygen is bonded to C
	// oxygen is bonded to H
}
