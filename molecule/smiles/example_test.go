package smiles_test

import (
	"fmt"

	"equifm/molecule/chem"
	"equifm/molecule/smiles"
)

// The two Kekulé forms of o-xylene are one molecule once they are sanitised.
func Example() {
	for _, text := range []string{"CC1=C(C)C=CC=C1", "CC=1C(C)=CC=CC=1"} {
		s, err := smiles.Parse(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		before := smiles.Canonical(s)
		if err := new(chem.Sanitizer).Sanitize(s); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(before, "sanitised", smiles.Canonical(s))
	}
	_, err := smiles.Parse("C1CC")
	fmt.Println(err)
	// Output:
	// CC1C=CC=CC=1C sanitised Cc1ccccc1C
	// CC1=CC=CC=C1C sanitised Cc1ccccc1C
	// SMILES: byte 4: 1 rings are not closed
}
