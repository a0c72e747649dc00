package flow_test

import (
	"fmt"

	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
)

// Follow one feature channel from noise to its datum: the field is what a
// perfect network would predict, the last step is the closed form.
func Example() {
	const datum, noise = 0.25, -0.8
	path := flow.Path{X: schedule.Linear{}, H: schedule.VPLinear}
	predict := func(t float64, h []float64) float64 {
		c := path.H.At(t)
		return c.Alpha*datum - c.Alpha*c.Alpha*h[0] // q = a·h0 - a²·ht
	}
	field := func(t float64, h, dhdt []float64) error {
		dhdt[0] = path.H.At(t).M * predict(t, h)
		return nil
	}
	in := ode.NewIntegrator[float64](ode.Dopri5, ode.Control{RTol: 1e-4, ATol: 1e-4})
	h := []float64{noise}
	stats, err := in.Integrate(field, []float64{1, 0.01}, h)
	if err != nil {
		panic(err)
	}
	fmt.Printf("t = 0.01: h = %.3f after %d evaluations\n", h[0], stats.NFE)
	at := flow.State[float64]{H: h}
	flow.EndPoint(path, 0.01, at, flow.State[float64]{H: []float64{predict(0.01, h)}}, at)
	fmt.Printf("t = 0: h = %.3f\n", h[0])
	// Output:
	// t = 0.01: h = 0.214 after 80 evaluations
	// t = 0: h = 0.250
}
