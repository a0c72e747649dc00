package datasets_test

import (
	"fmt"
	"math/rand/v2"

	"equifm/datasets"
)

// The built-in sample, its sizes, and one drawn size.
func Example() {
	set, err := datasets.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	train := set.Split("train")
	sizes := datasets.SizeHistogram(train)
	least, most := sizes.Range()
	fmt.Println(len(train), "molecules of", least, "to", most, "atoms")
	fmt.Printf("%.1f%% of them have 18 atoms\n", 100*sizes.Prob(18))
	fmt.Println("draw N =", sizes.Sample(rand.New(rand.NewPCG(7, 7))))
	// Output:
	// 10000 molecules of 6 to 29 atoms
	// 13.6% of them have 18 atoms
	// draw N = 23
}
