package bonds_test

import (
	"fmt"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

// Formaldehyde: carbon and oxygen 1.21 Å apart are doubly bonded.
func Example() {
	m := &molecule.Molecule{
		Elements: []molecule.Element{molecule.C, molecule.O, molecule.H, molecule.H},
		Pos:      [][3]float64{{0, 0, 0}, {0, 0, 1.21}, {0, 0.94, -0.59}, {0, -0.94, -0.59}},
	}
	table := bonds.QM9()
	for _, b := range table.Perceive(m).Bonds {
		fmt.Printf("%v–%v order %d\n", m.Elements[b.I], m.Elements[b.J], b.Order)
	}
	fmt.Printf("C–O is a single bond up to 153 pm: %d at 152, %d at 153\n",
		table.Order(molecule.C, molecule.O, 152), table.Order(molecule.C, molecule.O, 153))
	// Output:
	// C–O order 2
	// C–H order 1
	// C–H order 1
	// C–O is a single bond up to 153 pm: 1 at 152, 0 at 153
}
