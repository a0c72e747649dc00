package likelihood_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/likelihood"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// random is a network with weights large enough to bend the ways, and its flow.
func random(t *testing.T, o flow.Output, path flow.Path) *likelihood.Flow[float64] {
	t.Helper()
	c := egnn.QM9()
	c.Features, c.Hidden, c.Layers, c.CoordsRange = 4, 8, 2, 2
	net, err := egnn.New[float64](c)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 5))
	net.Init(rng)
	for i := range net.Params().Data {
		net.Params().Data[i] += 0.1 * rng.NormFloat64()
	}
	return &likelihood.Flow[float64]{Net: net, Path: path, Output: o, Features: 4, End: 0.1, Seed: 1, Trace: likelihood.Exact, Workers: 2, Steps: 8,
		Cells: likelihood.Cells{Types: 3, Height: 0.25, Whole: 0.1}}
}

// outputs are all that a network's numbers may stand for, and the paths of each.
func outputs() map[string]func(*testing.T) *likelihood.Flow[float64] {
	moments := flow.Moments{Data: 1.9, Noise: 0.95, Both: 0.4}
	return map[string]func(*testing.T) *likelihood.Flow[float64]{
		"velocity": func(t *testing.T) *likelihood.Flow[float64] { return random(t, flow.Output{}, flow.Hybrid) },
		"residual, endpoint": func(t *testing.T) *likelihood.Flow[float64] {
			return random(t, flow.Output{X: flow.CoordinateResidual, H: flow.FeatureEndPoint, Moments: moments}, flow.Hybrid)
		},
		"residual, types, Z apart": func(t *testing.T) *likelihood.Flow[float64] {
			return random(t, flow.Output{X: flow.CoordinateResidual, H: flow.FeatureTypes, Moments: moments, Types: 3, Scale: 0.25},
				flow.Path{X: schedule.VPCosine, H: schedule.VPLinear, Z: schedule.Linear{}})
		},
	}
}

// The change of log p along a short way is the divergence of the velocity, taken by
// finite differences from the sampler's own velocity.
func TestDivergenceIsTheSamplers(t *testing.T) {
	for name, make := range outputs() {
		f := make(t)
		s := draw(rand.New(rand.NewPCG(3, 3)), 3, 4, 1, 1)
		f.End, f.Steps = 0.999, 2
		got, err := f.Density([]flow.State[float64]{s})
		if err != nil {
			t.Fatal(err)
		}
		sampler := &flow.Sampler[float64]{Net: f.Net, Path: f.Path, Output: f.Output, Steps: 2, Features: 4, Workers: 1,
			Scheme: &divergence{state: append(slices.Clone(s.X), s.H...)}}
		if _, _, err := sampler.Sample([]int{3}, nil); err == nil {
			t.Fatal("the scheme ends the sampling")
		}
		d := sampler.Scheme.(*divergence).value
		prior := normal(s.X, 1, 6) + normal(s.H, 1, 12)
		moved := got[0].Prior - prior // from where the state is at 0.999 to 1
		if want := prior + moved + 0.001*d; math.Abs(got[0].LogP-want) > 2e-5*(1+math.Abs(d)) {
			t.Errorf("%s: log p %.8f, by differences of the velocity %.8f, divergence %.4f", name, got[0].LogP, want, d)
		}
	}
}

// divergence is a scheme that takes div v at a state and t = 0.9995, by differences on
// the dimensions that count.
type divergence struct {
	state []float64
	value float64
}

func (d *divergence) Solve(p *flow.Problem[float64], _ []float64, y []float64) (ode.Stats, error) {
	const h = 1e-5
	n, v := p.Sizes[0], make([]float64, len(y))
	for k := range y {
		unit := make([]float64, len(y))
		unit[k] = 1
		flow.Centre(unit[:3*n])
		for _, sign := range []float64{1, -1} {
			for i := range y {
				y[i] = d.state[i] + sign*h*unit[i]
			}
			if err := p.Velocity(0.9995, y, v); err != nil {
				return ode.Stats{}, err
			}
			for i := range y {
				d.value += sign * v[i] * unit[i] / (2 * h)
			}
		}
	}
	return ode.Stats{}, ode.ErrNonFinite
}

// Random directions give the exact trace within their standard error, which with 64 of
// them is small against what there is to integrate.
func TestHutchinsonAgreesWithExact(t *testing.T) {
	for name, make := range outputs() {
		f := make(t)
		s := []flow.State[float64]{draw(rand.New(rand.NewPCG(4, 4)), 4, 4, 1, 0.5)}
		exact, err := f.Density(s)
		if err != nil {
			t.Fatal(err)
		}
		f.Trace, f.Probes = likelihood.Hutchinson, 64
		some, err := f.Density(s)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: exact %.3f, 64 probes %.3f ± %.3f", name, exact[0].LogP, some[0].LogP, some[0].Error)
		if off := math.Abs(some[0].LogP - exact[0].LogP); off > 3*some[0].Error || !(some[0].Error > 0 && some[0].Error < 5) {
			t.Errorf("%s: exact %.4f, 64 probes %.4f ± %.4f", name, exact[0].LogP, some[0].LogP, some[0].Error)
		}
	}
}

// A molecule turned, mirrored, or with its atoms in another order is as likely.
func TestSymmetries(t *testing.T) {
	for name, make := range outputs() {
		f := make(t)
		s := draw(rand.New(rand.NewPCG(6, 6)), 4, 4, 1, 0.5)
		turned := flow.State[float64]{X: slices.Clone(s.X), H: s.H}
		r := eot.RandomRotation(rand.New(rand.NewPCG(7, 7)))
		for i := 0; i < len(s.X); i += 3 {
			turned.X[i], turned.X[i+1], turned.X[i+2] = r.Apply(s.X[i], s.X[i+1], -s.X[i+2])
		}
		var permuted flow.State[float64]
		for _, i := range []int{2, 0, 3, 1} {
			permuted.X = append(permuted.X, s.X[3*i:3*i+3]...)
			permuted.H = append(permuted.H, s.H[4*i:4*i+4]...)
		}
		got, err := f.Density([]flow.State[float64]{s, turned, permuted})
		if err != nil {
			t.Fatal(err)
		}
		for k, d := range got[1:] {
			if math.Abs(d.LogP-got[0].LogP) > 1e-9 {
				t.Errorf("%s: log p %.12f, %s %.12f", name, got[0].LogP, []string{"turned", "permuted"}[k], d.LogP)
			}
		}
	}
}

// What is drawn depends on the seed and the molecule's number, not on the workers, nor on
// the ranks.
func TestWorkersDoNotMatter(t *testing.T) {
	f := random(t, flow.Output{}, flow.Hybrid)
	f.Trace, f.Probes, f.Draws, f.End = likelihood.Hutchinson, 2, 2, 0.5
	var data []flow.State[float64]
	for k := range 3 {
		s := draw(rand.New(rand.NewPCG(8, uint64(k))), k+1, 4, 1, 0)
		for i := range k + 1 {
			s.H[4*i], s.H[4*i+3] = 0.25, 0.1
		}
		data = append(data, s)
	}
	var bounds [][]likelihood.Bound
	for _, workers := range []int{1, 3} {
		f.Workers = workers
		b, err := f.Bound(data)
		if err != nil {
			t.Fatal(err)
		}
		bounds = append(bounds, b)
	}
	few, err := f.Bound(data[:2])
	if err != nil || !slices.Equal(bounds[0], bounds[1]) || !slices.Equal(bounds[0][:2], few) {
		t.Errorf("1 worker: %+v\n3 workers: %+v\ntwo molecules: %+v, error %v", bounds[0], bounds[1], few, err)
	}
	ranktest.Run(2, func(r parallel.Ranks) {
		part := *f
		part.Ranks = r
		if b, err := part.Bound(data); err != nil || !slices.Equal(b, bounds[0]) {
			t.Errorf("rank %d of 2: %+v, error %v", r.Rank(), b, err)
		}
	})
	f.Seed++
	if other, err := f.Bound(data); err != nil || slices.Equal(other, bounds[0]) {
		t.Errorf("another seed draws the same, error %v", err)
	}
}

func TestMistakesAreErrors(t *testing.T) {
	good := draw(rand.New(rand.NewPCG(9, 9)), 2, 4, 1, 1)
	for want, change := range map[string]func(f *likelihood.Flow[float64], s *flow.State[float64]){
		"no network":                      func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Net = nil },
		"no schedule":                     func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Path.H = nil },
		"end time is 0":                   func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.End = 0 },
		"end time is NaN":                 func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.End = math.NaN() },
		"trace 7":                         func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Trace = 7 },
		"-1 probes":                       func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Probes = -1 },
		"9 types":                         func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Cells.Types = 9 },
		"2 numbers to evaluate with":      func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Params = make([]float64, 2) },
		"molecule 1 has 5 coordinates":    func(_ *likelihood.Flow[float64], s *flow.State[float64]) { s.X = s.X[:5] },
		"expected it there: flow.Centre":  func(_ *likelihood.Flow[float64], s *flow.State[float64]) { s.X[0] += 1 },
		"molecule 1: ode: dopri5 at t = ": func(f *likelihood.Flow[float64], _ *flow.State[float64]) { f.Steps, f.Control.MaxNFE = 0, 3 },
	} {
		f, s := random(t, flow.Output{}, flow.Hybrid), flow.State[float64]{X: slices.Clone(good.X), H: good.H}
		change(f, &s)
		if _, err := f.Density([]flow.State[float64]{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
