package trained_test

import (
	"context"
	"fmt"

	"equifm/egnn/trained"
	"equifm/molecule/metrics"
)

// Ten molecules of a model that has hardly learned anything, and what they are
// worth: nothing.
func Example() {
	model, err := trained.Open("../../testdata/checkpoints/version1.safetensors")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(model)
	options := model.Options()
	options.Number, options.Atoms, options.Seed = 10, 18, 1
	molecules, stats, err := model.Sample(context.Background(), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	var tally metrics.Tally
	for _, j := range model.Judge(molecules) {
		tally.Add(j)
	}
	valid := tally.Totals().Counts["validity"]
	fmt.Printf("%s, %d evaluations of the network: %d of %d molecules are valid\n", options.Solver, stats.NFE, valid.K, valid.N)
	// Output:
	// v1: 1473 parameters after 20 steps, elements H C N O F, 6 to 29 atoms
	// euler, 5 evaluations of the network: 0 of 10 molecules are valid
}
