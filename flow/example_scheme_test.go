package flow_test

import (
	"fmt"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// adamsBashforth is a two-step method: order 2 for one evaluation a step, from the
// slope of the step before. Its steps may differ in length.
type adamsBashforth struct{}

func (adamsBashforth) Solve(p *flow.Problem[float64], times []float64, y []float64) (stats ode.Stats, err error) {
	now, last := make([]float64, len(y)), make([]float64, len(y))
	for i := 1; i < len(times); i++ {
		if err := p.Velocity(times[i-1], y, now); err != nil {
			return stats, err
		}
		stats.NFE++
		stats.Steps++
		h, r := times[i]-times[i-1], 0.0
		if i > 1 {
			r = h / (times[i-1] - times[i-2]) / 2
		}
		for k := range y {
			y[k] += h * ((1+r)*now[k] - r*last[k])
		}
		now, last = last, now
	}
	return stats, nil
}

// toPoint is a network that knows the one point there is: q_h at ht follows from it.
type toPoint struct{ params nn.Params[float64] }

const point = 0.25

func (n *toPoint) Params() *nn.Params[float64] { return &n.params }

func (n *toPoint) Forward(t *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	qx, qh = autograd.Scale(t, 0, x), t.Result(h.Rows, h.Cols, false)
	for i := range qh.Data {
		c := schedule.VPCosine.At(cond.Row(i / h.Cols)[0])
		qh.Data[i] = c.Alpha*point - c.Alpha*c.Alpha*h.Data[i]
	}
	return qx, qh, nil
}

// A solver of one's own is a Scheme. The last step is the sampler's, in closed form.
func ExampleScheme() {
	s := flow.Sampler[float64]{Net: &toPoint{}, Path: flow.Path{X: schedule.Linear{}, H: schedule.VPCosine},
		Scheme: adamsBashforth{}, Steps: 20, Features: 2}
	states, stats, err := s.Sample([]int{1, 1, 1}, nil)
	if err != nil {
		panic(err)
	}
	for _, s := range states {
		fmt.Printf("%.3f\n", s.H)
	}
	fmt.Println(stats.NFE, "evaluations each")
	// Output:
	// [0.250 0.250]
	// [0.250 0.250]
	// [0.250 0.250]
	// 20 evaluations each
}
