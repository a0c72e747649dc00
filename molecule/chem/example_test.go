package chem_test

import (
	"fmt"

	"equifm/molecule"
	"equifm/molecule/chem"
)

// Nitromethane without its hydrogens: the nitro group gets its charges, carbon
// the hydrogens that it lacks. Then there is no room for a carbon on the O-.
func Example() {
	g := &molecule.Graph{
		Elements: []molecule.Element{molecule.C, molecule.N, molecule.O, molecule.O},
		Bonds: []molecule.Bond{
			{I: 0, J: 1, Order: molecule.Single},
			{I: 1, J: 2, Order: molecule.Double},
			{I: 1, J: 3, Order: molecule.Double},
		},
	}
	s, err := chem.Sanitize(g)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range s.Atoms {
		a := &s.Atoms[i]
		fmt.Printf("%v%s with %d implicit hydrogens\n", a.Element, chem.ChargeMark(int(a.Charge)), a.AllHydrogens())
	}
	g.Elements = append(g.Elements, molecule.C)
	g.Bonds = append(g.Bonds, molecule.Bond{I: 2, J: 4, Order: molecule.Single})
	_, err = chem.Sanitize(g)
	fmt.Println(err)
	// Output:
	// C with 3 implicit hydrogens
	// N+ with 0 implicit hydrogens
	// O- with 0 implicit hydrogens
	// O with 0 implicit hydrogens
	// atom 3 (O-): valence 2, allowed 1
}
