//go:build mpi

package ranks

import (
	"equifm/nn/parallel"
	"equifm/nn/parallel/mpi"
)

// join joins the MPI job that this process was started in. A status that is not 0 ends all
// ranks of it; else they leave together.
func join() (r parallel.Ranks, leave func(status int), err error) {
	world, err := mpi.Start()
	if err != nil {
		return nil, func(int) {}, err
	}
	return world, func(status int) {
		if status != 0 {
			world.Abort(status)
		}
		world.Finish()
	}, nil
}
