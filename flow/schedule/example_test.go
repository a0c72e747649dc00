package schedule_test

import (
	"fmt"

	"equifm/flow/schedule"
)

// How much of the data is left at three times, and what brings the network's answer
// back to it.
func Example() {
	for _, s := range []schedule.Schedule{schedule.Linear{}, schedule.VPLinear} {
		for _, t := range []float64{0.1, 0.5, 0.9} {
			c := s.At(t)
			const x0, z = 1.5, -0.3
			xt, q := c.Alpha*x0+c.Sigma*z, c.QData*x0+c.QNoise*z
			fmt.Printf("%-9v t = %.1f: α %.3f, σ %.3f, M %7.3f; x̂0 = %.3f\n", s, t, c.Alpha, c.Sigma, c.M, c.EndState*xt+c.EndQ*q)
		}
	}
	// Output:
	// linear    t = 0.1: α 0.900, σ 0.100, M   1.000; x̂0 = 1.500
	// linear    t = 0.5: α 0.500, σ 0.500, M   1.000; x̂0 = 1.500
	// linear    t = 0.9: α 0.100, σ 0.900, M   1.000; x̂0 = 1.500
	// vp-linear t = 0.1: α 0.947, σ 0.322, M -10.074; x̂0 = 1.500
	// vp-linear t = 0.5: α 0.281, σ 0.960, M  -5.456; x̂0 = 1.500
	// vp-linear t = 0.9: α 0.017, σ 1.000, M  -9.008; x̂0 = 1.500
}
