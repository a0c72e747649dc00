//go:build mpi

package mpi_test

import (
	"fmt"
	"log"

	"equifm/nn/parallel"
	"equifm/nn/parallel/mpi"
)

// Every rank squares numbers of its own, and rank 0 prints all of them. Started by itself,
// as here, a program is rank 0 of one.
func Example() {
	world, err := mpi.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer world.Finish()
	x := make([]int, 5)
	from, to := parallel.Own(world, len(x))
	for i := from; i < to; i++ {
		x[i] = i * i
	}
	parallel.Share(world, x)
	if parallel.Leads(world) {
		fmt.Println(x)
	}
	// Output: [0 1 4 9 16]
}
