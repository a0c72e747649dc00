package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
)

// wild is a small field that moves atoms far.
func wild(t *testing.T) *egnn.Field[float64] {
	f := smallField[float64](t)
	for _, b := range f.Params().Blocks {
		if strings.HasSuffix(b.Name, "coord_out.weight") {
			for i := range f.Params().Slice(b) {
				f.Params().Slice(b)[i] *= 100
			}
		}
	}
	return f
}

// turned returns states turned by a rotation.
func turned(r *eot.Matrix3, states []flow.State[float64]) (out []flow.State[float64]) {
	for _, s := range states {
		x := make([]float64, len(s.X))
		for i := 0; i < len(x); i += 3 {
			x[i], x[i+1], x[i+2] = r.Apply(s.X[i], s.X[i+1], s.X[i+2])
		}
		out = append(out, flow.State[float64]{X: x, H: s.H})
	}
	return out
}

// A prior that is turned gives the sample turned, through every solver whose steps are
// fixed and without noise on the way; and through dopri5 where it takes the error of an
// atom by its vector, which by numbers depends on the axes.
func TestTurnedPriorTurnsTheSample(t *testing.T) {
	r := eot.RandomRotation(rand.New(rand.NewPCG(3, 4)))
	sizes := []int{5, 1, 9, 2}
	for _, c := range []struct {
		solver flow.Solver
		byAtom bool
		end    float64
		law    bool
	}{
		{solver: flow.Euler, law: true}, {solver: flow.Midpoint, law: true}, {solver: flow.Heun, law: true}, {solver: flow.RK4, law: true},
		{solver: flow.Stochastic, law: true}, {solver: flow.DPM, law: true}, {solver: flow.Karras, law: true},
		{solver: flow.Dopri5, byAtom: true, end: 0.01, law: true}, {solver: flow.Dopri5, byAtom: true, law: true}, {solver: flow.Dopri5, end: 0.01},
	} {
		s := func(start []flow.State[float64]) *flow.Sampler[float64] {
			return &flow.Sampler[float64]{Net: wild(t), Path: flow.Hybrid, Solver: c.solver, ByAtom: c.byAtom, Control: ode.Control{RTol: 1e-3, ATol: 1e-3},
				Churn: flow.Churn{Factor: 1, From: 0.75, To: 0.03}, Steps: 7, End: c.end, Features: 3, Seed: 5, Workers: 1, Start: flow.Start[float64]{At: 1, States: start}}
		}
		prior, err := s(nil).Prior(sizes)
		if err != nil {
			t.Fatal(err)
		}
		draw := func(start []flow.State[float64]) []flow.State[float64] {
			states, _, err := s(start).Sample(sizes, nil)
			if err != nil {
				t.Fatal(err)
			}
			return states
		}
		plain, same, got := draw(nil), draw(prior), draw(turned(&r, prior))
		worst, moved := 0.0, 0.0
		for m, want := range turned(&r, plain) {
			worst = max(worst, apart(got[m].X, want.X), apart(got[m].H, want.H))
			moved = max(moved, apart(plain[m].X, prior[m].X))
			if apart(same[m].X, plain[m].X) > 0 || apart(same[m].H, plain[m].H) > 0 {
				t.Errorf("%v: the prior that is exposed is not what it starts from", c.solver)
			}
		}
		name := fmt.Sprintf("%v by atom %t to %v", c.solver, c.byAtom, c.end)
		if moved < 0.1 {
			t.Fatalf("%s: the atoms move by %v: expected a field that moves them", name, moved)
		}
		if (worst < 1e-9) != c.law {
			t.Errorf("%s: %g from the turned sample, the law holds: want %t", name, worst, c.law)
		}
		if math.IsNaN(worst) {
			t.Errorf("%s: NaN", name)
		}
	}
}
