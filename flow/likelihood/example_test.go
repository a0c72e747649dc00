package likelihood_test

import (
	"fmt"
	"math"

	"equifm/flow"
	"equifm/flow/likelihood"
	"equifm/flow/schedule"
)

// Molecules of one atom, half of which are hydrogen, and the flow of a network that
// knows it: the density where types are decided is high, and depends on when that is;
// the probability of a type is not and does not.
func Example() {
	path := flow.Path{X: schedule.Linear{}, H: schedule.VPLinear}
	net := &elements{path: path, shares: []float64{0.5, 0.35, 0.15}, height: 0.25}
	hydrogen := flow.State[float64]{X: []float64{0, 0, 0}, H: []float64{0.25, 0, 0}}
	for _, end := range []float64{0.01, 0.003} {
		f := likelihood.Flow[float64]{Net: net, Path: path, Features: 3, End: end, Draws: 40,
			Output: flow.Output{H: flow.FeatureTypes, Types: 3, Scale: 0.25},
			Cells:  likelihood.Cells{Types: 3, Height: 0.25}}
		b, err := f.Bound([]flow.State[float64]{hydrogen})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("end at %v: log p of the state %.1f, probability of the atom %.1f\n", end, b[0].Flow, math.Exp(b[0].LogP))
	}
	// Output:
	// end at 0.01: log p of the state 4.8, probability of the atom 0.5
	// end at 0.003: log p of the state 7.2, probability of the atom 0.5
}
