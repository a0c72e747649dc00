package ode_test

import (
	"fmt"
	"math"

	"equifm/flow/ode"
)

// Half a swing of a pendulum, y″ = -y as two equations, from 1 to -1. Twenty steps of
// Euler's method leave it far out; one of order 4 arrives, and so does, within its
// tolerance, one that chooses its own steps.
func Example() {
	pendulum := func(_ float64, y, dydt []float64) error {
		dydt[0], dydt[1] = y[1], -y[0]
		return nil
	}
	grid := make([]float64, 21)
	for i := range grid {
		grid[i] = math.Pi * float64(i) / 20
	}
	for _, m := range []ode.Method{ode.Euler, ode.RK4, ode.Dopri5} {
		y := []float64{1, 0}
		stats, err := ode.NewIntegrator[float64](m, ode.Control{}).Integrate(pendulum, grid, y)
		fmt.Printf("%-6v %.4f after %d evaluations, error %v\n", m, y[0], stats.NFE, err)
	}
	// Output:
	// euler  -1.2756 after 20 evaluations, error <nil>
	// rk4    -1.0000 after 80 evaluations, error <nil>
	// dopri5 -0.9999 after 38 evaluations, error <nil>
}
