package flow_test

import (
	"math"
	"testing"

	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// Noise of another width is the same noise, that much wider: what lies behind the states
// that a sampler begins with is the noise of the plain path to the bit, its ways end at
// the data, and training shows standard normal noise behind the states and learns the
// path's own targets, with a transport too.
func TestWidePrior(t *testing.T) {
	examples, data := numbered(8)
	var sizes []int
	var context []float64
	for k, d := range data {
		sizes, context = append(sizes, len(d.X)/3), append(context, float64(k))
	}
	wide := func(width float64) flow.Path {
		return flow.Path{X: schedule.Wide{Schedule: schedule.Linear{}, Width: width}, H: schedule.VPLinear}
	}
	for _, solver := range []flow.Solver{flow.Euler, flow.Dopri5, flow.Stochastic, flow.DPM, flow.Karras} {
		var plain []flow.State[float64]
		for _, path := range []flow.Path{flow.Hybrid, wide(1.5), wide(0.6)} {
			start := make([]flow.State[float64], len(data))
			net := &knowing{t: t, path: path, data: data, seen: func(k int, time float64, z flow.State[float64]) {
				if start[k].X == nil {
					start[k] = z
				}
			}}
			s := &flow.Sampler[float64]{Net: net, Path: path, Solver: solver, Control: ode.Control{RTol: 1e-6, ATol: 1e-6}, Eta: 1,
				Churn: flow.Churn{Factor: 1.3, From: 0.75, To: 0.03}, Steps: 20, End: 0.05, Features: 3, Context: 1, Seed: 4, Workers: 1}
			states, _, err := s.Sample(sizes, context)
			if err != nil {
				t.Fatal(err)
			}
			if plain == nil {
				plain = start
			}
			for k, got := range states {
				if e := apart(start[k].X, plain[k].X); e > 1e-12 {
					t.Errorf("%v, %v: molecule %d starts with other noise, %g off", solver, path.X, k, e)
				}
				if e := apart(got.X, data[k].X); e > 1e-9 {
					t.Errorf("%v, %v: molecule %d ends %g from the data", solver, path.X, k, e)
				}
			}
		}
	}
	for _, mode := range []eot.Mode{eot.None, eot.Both} {
		var squares, dimensions float64
		net := &knowing{t: t, path: wide(1.5), data: data, seen: func(k int, time float64, z flow.State[float64]) {
			for _, v := range z.X {
				squares += v * v
			}
			dimensions += float64(len(z.X) - 3)
		}}
		s := settings(2)
		s.Path, s.Align.Mode = wide(1.5), mode
		tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if r, err := tr.Step(); err != nil || r.Loss.X > 1e-18 {
				t.Fatalf("%v: loss %+v of an exact network (%v)", mode, r.Loss, err)
			}
		}
		if got := squares / dimensions; math.Abs(got-1) > 4*math.Sqrt(2/dimensions) {
			t.Errorf("%v: noise has variance %.3f in units of the prior's", mode, got)
		}
	}
}
