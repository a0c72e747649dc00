package likelihood_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/likelihood"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// gaussian is the best network for data whose positions and features are independent
// Gaussians: q̂ = cov(q, state)/var(state)·state.
type gaussian struct {
	params nn.Params[float64]
	path   flow.Path
	x, h   float64 // variances of the data
}

func (g *gaussian) Params() *nn.Params[float64] { return &g.params }

func (g *gaussian) Forward(tape *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	t := cond.Data[0]
	return autograd.Scale(tape, slope(g.path.X, t, g.x), x), autograd.Scale(tape, slope(g.path.H, t, g.h), h), nil
}

// slope is cov(q, xt)/var(xt) of data of a variance.
func slope(s schedule.Schedule, t, v float64) float64 {
	c := s.At(t)
	return (c.QData*c.Alpha*v + c.QNoise*c.Sigma) / (c.Alpha*c.Alpha*v + c.Sigma*c.Sigma)
}

// normal is the log density of v, independent Gaussians of one variance on so many dimensions.
func normal(v []float64, variance float64, dimensions int) (logP float64) {
	logP = -float64(dimensions) / 2 * math.Log(2*math.Pi*variance)
	for _, x := range v {
		logP -= x * x / variance / 2
	}
	return logP
}

// draw returns positions and features of given standard deviations.
func draw(rng *rand.Rand, n, features int, x, h float64) flow.State[float64] {
	s := flow.State[float64]{X: make([]float64, 3*n), H: make([]float64, features*n)}
	flow.CentredNormal(rng, s.X)
	flow.Normal(rng, s.H)
	for i := range s.X {
		s.X[i] *= x
	}
	for i := range s.H {
		s.H[i] *= h
	}
	return s
}

var straight = flow.Path{X: schedule.Linear{}, H: schedule.Linear{}}

// The density of a flow to Gaussian data is the Gaussian at the end time, to the
// solver's tolerance; and to what the published regulariser of M makes of it on a
// variance-preserving path, which the closed form of the flow as it is knows.
func TestGaussianDensity(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const F, vx, vh = 2, 1.9, 0.3
	for _, path := range []flow.Path{straight, {X: schedule.Linear{}, H: schedule.VPCosine}, {X: schedule.VPLinear, H: schedule.VPLinear},
		{X: schedule.Wide{Schedule: schedule.Linear{}, Width: 1.4}, H: schedule.Linear{}}, {X: schedule.Wide{Schedule: schedule.VPLinear, Width: 0.7}, H: schedule.VPLinear}} {
		f := likelihood.Flow[float64]{Net: &gaussian{path: path, x: vx, h: vh}, Path: path, Features: F, End: 0.05,
			Control: ode.Control{RTol: 1e-8, ATol: 1e-8}, Workers: 1}
		for _, n := range []int{1, 2, 5} {
			s := draw(rng, n, F, 1.3, 0.6)
			got, err := f.Density([]flow.State[float64]{s})
			if err != nil {
				t.Fatal(err)
			}
			cx, ch := path.X.At(f.End), path.H.At(f.End)
			ideal := normal(s.X, cx.Alpha*cx.Alpha*vx+cx.Sigma*cx.Sigma, 3*(n-1)) + normal(s.H, ch.Alpha*ch.Alpha*vh+ch.Sigma*ch.Sigma, F*n)
			own := carried(path.X, f.End, vx, s.X, 3*(n-1)) + carried(path.H, f.End, vh, s.H, F*n)
			if math.Abs(got[0].LogP-own) > 1e-6 {
				t.Errorf("%v, %v, %d atoms: log p %.8f, of the flow in closed form %.8f", path.X, path.H, n, got[0].LogP, own)
			}
			if tolerance := 0.01 * float64(likelihood.Dimensions(n, F)); math.Abs(got[0].LogP-ideal) > tolerance {
				t.Errorf("%v, %v, %d atoms: log p %.5f, of the Gaussian %.5f", path.X, path.H, n, got[0].LogP, ideal)
			}
			if path == straight && math.Abs(got[0].LogP-ideal) > 1e-2 { // noise at t = 1 is not quite independent of nothing: α(1) = 0
				t.Errorf("%d atoms: log p %.6f, of the Gaussian %.6f", n, got[0].LogP, ideal)
			}
		}
	}
}

// carried is the log density of v under the flow dv/dt = M·slope·v from the schedule's
// Gaussian at t = 1, by Simpson's rule.
func carried(s schedule.Schedule, end, variance float64, v []float64, dimensions int) float64 {
	const steps = 20000
	growth, h := 0.0, (1-end)/steps
	for i := 0; i <= steps; i++ {
		at := end + h*float64(i)
		w := 4.0
		if i%2 == 0 {
			w = 2
		}
		if i == 0 || i == steps {
			w = 1
		}
		growth += w * h / 3 * s.At(at).M * slope(s, at, variance)
	}
	width := schedule.Prior(s)
	return normal(v, width*width*math.Exp(-2*growth), dimensions)
}

// Of continuous data the bound is E[log p_e] and a change of units: within four standard
// errors of its closed form, below the density of the data, and the nearer the earlier
// the end.
func TestGaussianBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	const n, F, vx, vh = 3, 2, 1.9, 0.3
	var data []flow.State[float64]
	for range 8 {
		data = append(data, draw(rng, n, F, math.Sqrt(vx), math.Sqrt(vh)))
	}
	gap := math.Inf(1)
	for _, end := range []float64{0.2, 0.02} {
		f := likelihood.Flow[float64]{Net: &gaussian{path: straight, x: vx, h: vh}, Path: straight, Features: F, End: end, Draws: 24, Seed: 3, Workers: 2,
			Control: ode.Control{RTol: 1e-6, ATol: 1e-6}}
		got, err := f.Bound(data)
		if err != nil {
			t.Fatal(err)
		}
		c, variance, below := straight.X.At(end), 0.0, 0.0
		expected := func(v []float64, variance float64, dimensions int) float64 {
			total := c.Alpha*c.Alpha*variance + c.Sigma*c.Sigma
			scaled := normal(nil, total, dimensions) - float64(dimensions)*c.Sigma*c.Sigma/total/2
			for _, x := range v {
				scaled -= c.Alpha * c.Alpha * x * x / total / 2
			}
			return scaled + float64(dimensions)*math.Log(c.Alpha)
		}
		var off float64
		for k, b := range got {
			off += b.LogP - expected(data[k].X, vx, 3*(n-1)) - expected(data[k].H, vh, F*n)
			variance += b.Error * b.Error
			below += normal(data[k].X, vx, 3*(n-1)) + normal(data[k].H, vh, F*n) - b.LogP
		}
		if math.Abs(off) > 4*math.Sqrt(variance) {
			t.Errorf("end %v: the bounds add up to %.4f more than they should, standard error %.4f", end, off, math.Sqrt(variance))
		}
		if below < -4*math.Sqrt(variance) || below > gap {
			t.Errorf("end %v: the bounds are %.4f below the data's density, %.4f at the later end", end, below, gap)
		}
		gap = below
	}
}

// elements is the best network for single atoms of given shares of types: its end point
// is the mean over types of their one-hots, weighed by what the state says of them.
type elements struct {
	params nn.Params[float64]
	path   flow.Path
	shares []float64
	height float64
}

func (e *elements) Params() *nn.Params[float64] { return &e.params }

// Forward answers the logits of flow.FeatureTypes: log p(k) + α·height·h_k/σ².
func (e *elements) Forward(tape *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	c := e.path.H.At(cond.Data[0])
	prior := tape.Result(h.Rows, h.Cols, false)
	for i := range h.Rows {
		for k, p := range e.shares {
			prior.Row(i)[k] = math.Log(p)
		}
	}
	return autograd.Scale(tape, 0, x), autograd.Add(tape, prior, autograd.Scale(tape, c.Alpha*e.height/(c.Sigma*c.Sigma), h)), nil
}

// Of single atoms that are one element or another, the bounds on log p are those of the
// elements' shares, though the density at the end time is high.
func TestShareOfElements(t *testing.T) {
	const height = 0.25
	shares := []float64{0.5, 0.35, 0.15}
	for _, h := range []schedule.Schedule{schedule.VPLinear, schedule.VPCosine} {
		path := flow.Path{X: schedule.Linear{}, H: h}
		f := likelihood.Flow[float64]{Net: &elements{path: path, shares: shares, height: height}, Path: path, Features: 3, End: 0.005,
			Output: flow.Output{H: flow.FeatureTypes, Types: 3, Scale: height}, Cells: likelihood.Cells{Types: 3, Height: height},
			Control: ode.Control{RTol: 1e-5, ATol: 1e-6}, Draws: 60, Seed: 1, Workers: 2}
		var atoms []flow.State[float64]
		for k := range shares {
			s := flow.State[float64]{X: make([]float64, 3), H: make([]float64, 3)}
			s.H[k] = height
			atoms = append(atoms, s)
		}
		got, err := f.Bound(atoms)
		if err != nil {
			t.Fatal(err)
		}
		for k, b := range got {
			t.Logf("%v: p = %.4f, share %.4f, standard error %.4f of log p, density %.2f", h, math.Exp(b.LogP), shares[k], b.Error, b.Flow)
			if math.Abs(b.LogP-math.Log(shares[k])) > 4*b.Error+0.02 || b.Error > 0.1 {
				t.Errorf("%v: log p = %.4f ± %.4f of an element whose share is %.4f, %.4f", h, b.LogP, b.Error, shares[k], math.Log(shares[k]))
			}
		}
	}
}
