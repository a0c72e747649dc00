package rings_test

import (
	"fmt"

	"equifm/molecule"
	"equifm/molecule/rings"
)

// The carbons of naphthalene: two rings of six that share the bond 4-9.
func Example() {
	var bonds []molecule.Bond
	for i := range int32(9) {
		bonds = append(bonds, molecule.Bond{I: i, J: i + 1, Order: molecule.Single})
	}
	bonds = append(bonds, molecule.Bond{I: 0, J: 9, Order: molecule.Single}, molecule.Bond{I: 4, J: 9, Order: molecule.Single})

	var links molecule.Links
	links.Link(10, bonds)
	var f rings.Finder
	if err := f.Find(&links, bonds); err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range f.Rings {
		fmt.Println(f.Atoms(r))
	}
	shared := links.Between(4, 9)
	fmt.Printf("bond %d is in %d rings, atom 0 in %d\n", shared, f.BondUses[shared], f.AtomUses[0])
	// Output:
	// [0 9 4 3 2 1]
	// [5 6 7 8 9 4]
	// bond 10 is in 2 rings, atom 0 in 1
}
