package oracle_test

import (
	"context"
	"fmt"

	"equifm/datasets"
	"equifm/egnn/oracle"
)

// An oracle that has hardly begun to learn, of the half of the training set that the
// models which it judges do not see.
func Example() {
	set, err := datasets.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _ := set.Halves()
	c := oracle.EDM("alpha")
	c.Hidden, c.Layers, c.Steps, c.Batch = 8, 1, 2, 8
	o, err := oracle.Train(context.Background(), c, first, set.Split("valid"), 1, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	says, err := o.Predict(set.Molecules[:3], 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d parameters, %d molecules learned, %d predictions in %s\n", o.Parameters(), o.Learned, len(says), o.Quantity.Unit)
	// Output:
	// 714 parameters, 1240 molecules learned, 3 predictions in a0^3
}
