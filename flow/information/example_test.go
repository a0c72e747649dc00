package information_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/flow/information"
	"equifm/flow/schedule"
)

// How much the features of an atom of a set that is half hydrogen tell of its element, by
// quadrature and by draws, along two schedules.
func Example() {
	kinds := information.Kinds{Shares: []float64{0.5, 0.35, 0.15}, Height: 0.25}
	fmt.Printf("%.2f nat to know\n", kinds.Entropy())
	rng := rand.New(rand.NewPCG(1, 1))
	for _, s := range []schedule.Schedule{schedule.Linear{}, schedule.VPLinear} {
		for _, t := range []float64{0.2, 0.05} {
			c := s.At(t)
			exact, drawn := kinds.Information(c.Alpha/c.Sigma, 0), kinds.Draw(c.Alpha/c.Sigma, 0, 5000, rng)
			fmt.Printf("%v, t = %v: %.2f nat, the same by draws: %v\n", s, t, exact, math.Abs(drawn.Value-exact) < 4*drawn.Error+1e-3)
		}
	}
	// Output:
	// 1.00 nat to know
	// linear, t = 0.2: 0.26 nat, the same by draws: true
	// linear, t = 0.05: 1.00 nat, the same by draws: true
	// vp-linear, t = 0.2: 0.04 nat, the same by draws: true
	// vp-linear, t = 0.05: 0.45 nat, the same by draws: true
}
