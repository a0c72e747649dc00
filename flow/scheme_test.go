package flow

import (
	"math"
	"testing"

	"equifm/flow/ode"
	"equifm/flow/schedule"
)

// Integrating the exact velocity of a path from noise reaches its end point.
func TestSolversFollowThePath(t *testing.T) {
	const h0, eta, end = 0.7, -1.3, 1e-3
	for _, name := range []string{"vp-linear", "vp-poly", "vp-cosine", "learned"} {
		s, _ := schedule.Parse(name)
		field := func(tm float64, y, d []float64) error {
			c := s.At(tm)
			// the exact field, without the regulariser of M
			d[0] = c.DAlpha / (c.Sigma * c.Sigma) * (h0 - c.Alpha*y[0])
			return nil
		}
		c1, c0 := s.At(1), s.At(end)
		y := []float64{c1.Alpha*h0 + c1.Sigma*eta}
		in := ode.NewIntegrator[float64](ode.Dopri5, ode.Control{RTol: 1e-8, ATol: 1e-8})
		stats, err := in.Integrate(field, []float64{1, end}, y)
		if want := c0.Alpha*h0 + c0.Sigma*eta; err != nil || math.Abs(y[0]-want) > 1e-6 {
			t.Errorf("%s: reached %v, want %v (%+v, %v)", name, y[0], want, stats, err)
		}
	}
}

func TestGrids(t *testing.T) {
	for name := GridUniform; name <= GridKarras; name++ {
		for _, s := range []schedule.Schedule{schedule.Linear{}, schedule.VPLinear, schedule.VPCosine} {
			g := name.Times(s, 1, 0.01, 20)
			if len(g) != 21 || g[0] != 1 || g[20] != 0.01 {
				t.Fatalf("%v: %v", name, g)
			}
			for i := 1; i < len(g); i++ {
				if g[i] >= g[i-1] {
					t.Fatalf("%v of %v: not falling at %d: %v", name, s, i, g)
				}
			}
		}
	}
	uniform := PowerGrid(1, 0, 1, 10)
	if e := worst(ArcGrid(schedule.Linear{}, 1, 0, 10), uniform); e > 1e-12 {
		t.Errorf("the arc grid of a straight path is off the uniform one by %g", e)
	}
	for i, tm := range ArcGrid(schedule.VPLinear, 1, 0, 10) {
		c := schedule.VPLinear.At(tm)
		whole := math.Acos(schedule.VPLinear.At(1).Alpha)
		if turn := math.Atan2(c.Sigma, c.Alpha); math.Abs(turn-whole*float64(10-i)/10) > 1e-5 {
			t.Errorf("arc grid of vp-linear: turn %g at step %d", turn, i)
		}
	}
}
