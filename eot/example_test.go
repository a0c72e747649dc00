package eot_test

import (
	"fmt"
	"math"

	"equifm/eot"
)

// Four points and a turned copy of them in another order. Either freedom alone
// lowers the cost; both lay one on the other.
func Example() {
	x := []float64{
		-1, -2, 0,
		2, -1, 0,
		-1, 2, 1,
		0, 1, -1,
	}
	sin, cos := math.Sincos(0.4)
	for _, mode := range []eot.Mode{eot.None, eot.Permutation, eot.Rotate, eot.Both} {
		var z []float64
		for _, i := range []int{2, 0, 3, 1} {
			p := x[3*i : 3*i+3]
			z = append(z, cos*p[0]-sin*p[1], sin*p[0]+cos*p[1], p[2])
		}
		cost, _, err := eot.New(eot.Options{Mode: mode}).Align(z, x, nil)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%-11s %4.1f Å²\n", mode, cost)
	}
	// Output:
	// none        32.3 Å²
	// permutation  2.5 Å²
	// rotation    12.4 Å²
	// both         0.0 Å²
}
