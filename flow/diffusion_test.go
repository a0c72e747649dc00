package flow

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/flow/schedule"
	"equifm/nn"
)

// A known law of data: coordinates centred normal of variance v by axis, the two
// features of an atom normal with a mean and a covariance.
var (
	lawX    = 1.8
	lawMean = [2]float64{0.6, -0.2}
	lawCov  = [2][2]float64{{0.5, 0.3}, {0.3, 0.4}}
)

// denoised is E[x₀ | x_t] of the law, for x_t = x₀ + σ·z.
func denoised(sigma float64, x, h []float64) (x0, h0 []float64) {
	x0, h0 = make([]float64, len(x)), make([]float64, len(h))
	scale(x0, lawX/(lawX+sigma*sigma), x)
	a, b, d := lawCov[0][0]+sigma*sigma, lawCov[0][1], lawCov[1][1]+sigma*sigma
	for i := 0; i < len(h); i += 2 {
		u, w := h[i]-lawMean[0], h[i+1]-lawMean[1]
		u, w = (d*u-b*w)/(a*d-b*b), (a*w-b*u)/(a*d-b*b)
		h0[i], h0[i+1] = lawMean[0]+lawCov[0][0]*u+lawCov[0][1]*w, lawMean[1]+lawCov[1][0]*u+lawCov[1][1]*w
	}
	return x0, h0
}

// lawful is a network that answers the law's own prediction.
type lawful struct {
	params nn.Params[float64]
	answer func(time float64, x, h []float64) (fx, fh []float64)
}

func (n *lawful) Params() *nn.Params[float64] { return &n.params }

func (n *lawful) Forward(t *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (fx, fh *autograd.Tensor[float64], err error) {
	a, b := n.answer(cond.Data[0], x.Data, h.Data)
	return t.Const(x.Rows, 3, a), t.Const(h.Rows, h.Cols, b), nil
}

// edmNoise is EDM's ε̂ of the law at a state of its path.
func edmNoise(time float64, x, h []float64) (fx, fh []float64) {
	left := 1 - time*time
	alpha := math.Sqrt((1-2e-5)*left*left + 1e-5)
	sigma := math.Sqrt(1 - alpha*alpha)
	bigX, bigH := make([]float64, len(x)), make([]float64, len(h))
	scale(bigX, 1/alpha, x)
	scale(bigH, 1/alpha, h)
	x0, h0 := denoised(sigma/alpha, bigX, bigH)
	mix(x0, 1/sigma, x, -alpha/sigma, x0)
	mix(h0, 1/sigma, h, -alpha/sigma, h0)
	return x0, h0
}

// karrasF is F of table 1 of Karras et al., of the law, from what it says F is shown.
func karrasF(m Moments) func(noise float64, x, h []float64) (fx, fh []float64) {
	return func(noise float64, x, h []float64) ([]float64, []float64) {
		sigma := math.Exp(4 * noise)
		atX, atH := make([]float64, len(x)), make([]float64, len(h))
		scale(atX, math.Sqrt(sigma*sigma+m.Data), x) // it is shown c_in·state
		scale(atH, math.Sqrt(sigma*sigma+m.Features), h)
		x0, h0 := denoised(sigma, atX, atH)
		f := func(at, end []float64, v float64) { // end = c_skip·at + c_out·F
			skip, out := v/(sigma*sigma+v), sigma*math.Sqrt(v)/math.Sqrt(sigma*sigma+v)
			mix(end, 1/out, end, -skip/out, at)
		}
		f(atX, x0, m.Data)
		f(atH, h0, m.Features)
		return x0, h0
	}
}

// Told the law's own noise, EDM's sampler draws its mean and its covariance in 1,000
// steps; told F, the stochastic sampler of Karras et al. does in 40, with much noise in 60 and
// without any, and so does the order-2 solver on EDM's path.
func TestDiffusionSamplesAKnownLaw(t *testing.T) {
	const atoms, count = 3, 800
	edm, ve := Path{X: schedule.EDM, H: schedule.EDM}, Path{X: schedule.VE{Most: 20}, H: schedule.VE{Most: 20}}
	moments := Moments{Data: 1.3, Features: 0.7} // no more than a scale to the method
	noise, f := &lawful{answer: edmNoise}, &lawful{answer: karrasF(moments)}
	byNoise, byF := Output{X: CoordinateNoise, H: FeatureNoise}, Output{X: CoordinatePreconditioned, H: FeaturePreconditioned, Moments: moments}
	for name, s := range map[string]*Sampler[float64]{
		"ancestral":     {Net: noise, Path: edm, Output: byNoise, Solver: Ancestral, Steps: 1000},
		"dpm":           {Net: noise, Path: edm, Output: byNoise, Solver: DPM, Steps: 60},
		"karras":        {Net: f, Path: ve, Output: byF, Solver: Karras, Churn: Churn{Factor: 1.2, From: 0.75, To: 0.03}, Grid: GridKarras, Steps: 40},
		"karras, still": {Net: f, Path: ve, Output: byF, Solver: Karras, Churn: Churn{Factor: 1}, Grid: GridKarras, Steps: 40},
		"karras, wild":  {Net: f, Path: ve, Output: byF, Solver: Karras, Churn: Churn{Factor: 1.4, From: 0.99, To: 0.002}, Grid: GridKarras, Steps: 60},
	} {
		s.Features, s.Shard, s.Seed, s.Workers = 2, 250, 3, 2
		states, _, err := s.Sample(slices.Repeat([]int{atoms}, count), nil)
		if err != nil {
			t.Fatal(err)
		}
		var xx float64
		var mean [2]float64
		var cov [2][2]float64
		for _, m := range states {
			for _, x := range m.X {
				xx += x * x / (3 * (atoms - 1) * count)
			}
			for i := 0; i < len(m.H); i += 2 {
				for k := range 2 {
					mean[k] += m.H[i+k] / (atoms * count)
					for l := range 2 {
						cov[k][l] += (m.H[i+k] - lawMean[k]) * (m.H[i+l] - lawMean[l]) / (atoms * count)
					}
				}
			}
		}
		const bias = 0.01 // of steps that are not infinitely short
		if e := math.Abs(xx/lawX - 1); e > 4*math.Sqrt(2.0/(3*(atoms-1)*count))+bias {
			t.Errorf("%s: coordinates have variance %.3f, the law %.3f", name, xx, lawX)
		}
		for k := range 2 {
			if e := math.Abs(mean[k] - lawMean[k]); e > 4*math.Sqrt(lawCov[k][k]/(atoms*count))+bias*math.Abs(lawMean[k]) {
				t.Errorf("%s: mean %.3f, the law's %.3f", name, mean, lawMean)
			}
			for l := range 2 {
				deviation := math.Sqrt((lawCov[k][k]*lawCov[l][l] + lawCov[k][l]*lawCov[k][l]) / (atoms * count))
				if e := math.Abs(cov[k][l] - lawCov[k][l]); e > 4*deviation+bias*math.Abs(lawCov[k][l]) {
					t.Errorf("%s: covariance %.3f, the law's %.3f", name, cov, lawCov)
				}
			}
		}
	}
}

// A step of the ancestral sampler is that of EDM's sample_p_zs_given_zt, on every path:
// with α_{t|s} = α_t/α_s and σ²_{t|s} = σ_t² - α²_{t|s}·σ_s²,
//
//	z_s = z_t/α_{t|s} - σ²_{t|s}/(α_{t|s}·σ_t)·ε̂ + σ_{t|s}·σ_s/σ_t·n
func TestAncestralStepIsEDMs(t *testing.T) {
	p := Path{X: schedule.EDM, H: schedule.VPCosine}
	times := []float64{0.9, 0.6, 0.5, 0.1, 0}
	begin := func() (*Problem[float64], []float64) {
		s := &Sampler[float64]{Net: &lawful{answer: edmNoise}, Path: p, Output: Output{X: CoordinateNoise, H: FeatureNoise}, Solver: Ancestral, Features: 2, Seed: 5, Workers: 1}
		s.gather(1)
		s.problems[0].Sizes = []int{3, 2}
		return s.problems[0], s.problems[0].prior(0, nil)
	}
	problem, got := begin()
	stats, err := problem.scheme.Solve(problem, times, got)
	if err != nil || stats.NFE != 4 {
		t.Fatalf("%+v, error %v", stats, err)
	}
	problem, want := begin()
	for i, time := range times[1:] {
		end, noise := make([]float64, len(want)), make([]float64, len(want))
		if err := problem.EndPoint(times[i], want, end); err != nil {
			t.Fatal(err)
		}
		problem.Noise(noise)
		for k := range want {
			s := p.X
			if k >= 15 {
				s = p.H
			}
			from, to := s.At(times[i]), s.At(time)
			ratio := from.Alpha / to.Alpha
			between := from.Sigma*from.Sigma - ratio*ratio*to.Sigma*to.Sigma
			eps := (want[k] - from.Alpha*end[k]) / from.Sigma
			want[k] = want[k]/ratio - between/(ratio*from.Sigma)*eps + math.Sqrt(between)*to.Sigma/from.Sigma*noise[k]
		}
	}
	if e := worst(got, want); e > 1e-9 {
		t.Errorf("%g from EDM's steps", e)
	}
}

// drawnOn returns a batch on a path, at known times, and what a network says.
func drawnOn(p Path, o Output, times []float64) (b *Batch[float64], fx, fh *autograd.Tensor[float64]) {
	rng := rand.New(rand.NewPCG(11, 3))
	random := func(cols int) []float64 { return gradcheck.Random(rng, 8, cols).Data }
	b = &Batch[float64]{Path: p, Output: o, Count: 3, Sizes: []int{4, 1, 3}, Times: times, Weights: Weights{Features: 2}}
	for _, s := range []*State[float64]{&b.Data, &b.Noise, &b.At, &b.Target} {
		s.X, s.H = random(3), random(4)
	}
	first := 0
	for m, n := range b.Sizes {
		of := func(s State[float64]) State[float64] { return s.slice(first, n, 4) }
		Interpolate(p, times[m], of(b.Data), of(b.Noise), of(b.At), of(b.Target))
		first += n
	}
	return b, gradcheck.Random(rng, 8, 3), gradcheck.Random(rng, 8, 4)
}

// The loss of the noise output is |ε̂ - ε|² of what the network says itself, that of the
// preconditioned one (σ²+v)/(σ²·v)·|x̂₀ - x₀|², whatever the schedules; of both, what is right
// for q̂ costs nothing.
func TestLossIsOnTheOutput(t *testing.T) {
	m := Moments{Data: 1.7, Features: 0.2}
	times := []float64{0.03, 0.4, 0.9}
	for _, p := range []Path{{X: schedule.EDM, H: schedule.EDM}, {X: schedule.VPLinear, H: schedule.VPCosine, Z: schedule.EDM}, {X: schedule.VE{Most: 20}, H: schedule.VE{Most: 80}, Z: schedule.VE{Most: 5}}} {
		b, fx, fh := drawnOn(p, Output{X: CoordinateNoise, H: FeatureNoise}, times)
		var want Parts
		first := 0
		for _, n := range b.Sizes {
			for i := first; i < first+n; i++ {
				want.X += squaredError(fx.Row(i), b.Noise.X[3*i:3*i+3]) / float64(3*n)
				want.H += squaredError(fh.Row(i), b.Noise.H[4*i:4*i+4]) / float64(3*n)
			}
			first += n
		}
		objective := func() Parts {
			tape := autograd.NewTape[float64]()
			_, parts := b.Objective(tape, Predict(tape, b.Output, b.Path, b.Times, b.Sizes, b.At, fx, fh))
			return parts
		}
		if got := objective(); math.Abs(got.X/want.X-1) > 1e-9 || math.Abs(got.H/want.H-1) > 1e-9 || math.Abs(got.Total/(got.X+2*got.H)-1) > 1e-12 {
			t.Errorf("%v/%v/%v: loss %+v, of the noise itself %+v", p.X, p.H, p.Z, got, want)
		}

		b, fx, fh = drawnOn(p, Output{X: CoordinatePreconditioned, H: FeaturePreconditioned, Moments: m}, times)
		want, first = Parts{}, 0
		for k, n := range b.Sizes {
			weighed := func(s schedule.Schedule, at, f, data, v float64) float64 {
				c := s.At(times[k])
				sigma := c.Sigma / c.Alpha
				end := v/(sigma*sigma+v)*at/c.Alpha + sigma*math.Sqrt(v/(sigma*sigma+v))*f
				return (sigma*sigma + v) / (sigma * sigma * v) * (end - data) * (end - data) / float64(3*n)
			}
			for i := first; i < first+n; i++ {
				for c := range 3 {
					want.X += weighed(p.X, b.At.X[3*i+c], fx.Row(i)[c], b.Data.X[3*i+c], m.Data)
				}
				for c := range 4 {
					s := p.H
					if c == 3 && p.Z != nil {
						s = p.Z
					}
					want.H += weighed(s, b.At.H[4*i+c], fh.Row(i)[c], b.Data.H[4*i+c], m.Features)
				}
			}
			first += n
		}
		if got := objective(); math.Abs(got.X/want.X-1) > 1e-9 || math.Abs(got.H/want.H-1) > 1e-9 {
			t.Errorf("%v/%v/%v: loss %+v, of the end point %+v", p.X, p.H, p.Z, got, want)
		}
	}
}

// The straight path shrunk the other way is the variance-exploding one: a preconditioned
// network is shown the same on both, to the noise that they have alike, and says the same.
func TestStraightPathIsVEShrunk(t *testing.T) {
	o := Output{X: CoordinatePreconditioned, H: FeaturePreconditioned, Moments: Moments{Data: 1.9, Features: 0.05}}
	ve, straight := Path{X: schedule.VE{Most: 20}, H: schedule.VE{Most: 20}}, Path{X: schedule.Linear{}, H: schedule.Linear{}}
	exploded, fx, fh := drawnOn(ve, o, []float64{0.001, 0.05, 0.8})
	times := make([]float64, 3)
	for m, time := range exploded.Times {
		times[m] = schedule.TimeOf(straight.X, ve.X.At(time).Sigma)
	}
	shrunk, _, _ := drawnOn(straight, o, times)
	one, other := autograd.NewTape[float64](), autograd.NewTape[float64]()
	cond := make([]float64, 16)
	seen, told := show(one, o, ve, exploded.Times, exploded.Sizes, exploded.At, cond)
	also, toldAlso := show(other, o, straight, times, shrunk.Sizes, shrunk.At, cond)
	if e := max(worst(seen.X, also.X), worst(seen.H, also.H), worst(told, toldAlso)); e > 1e-9 {
		t.Errorf("what is shown differs by %g", e)
	}
	if first, last := told[0], told[14]; math.Abs(first-math.Log(0.002+0.001*19.998)/4) > 1e-12 || math.Abs(last-math.Log(0.002+0.8*19.998)/4) > 1e-12 || told[1] != 0 {
		t.Errorf("for the time the network is told %v", told)
	}
	a, b := newEnds(one, exploded, fx, fh), newEnds(other, shrunk, fx, fh)
	if e := max(worst(a.X, b.X), worst(a.H, b.H)); e > 1e-8 {
		t.Errorf("end points differ by %g", e)
	}
}

// newEnds are the end points that outputs imply.
func newEnds(t *autograd.Tape[float64], b *Batch[float64], fx, fh *autograd.Tensor[float64]) State[float64] {
	ends := State[float64]{X: make([]float64, len(b.At.X)), H: make([]float64, len(b.At.H))}
	b.endPoints(Predict(t, b.Output, b.Path, b.Times, b.Sizes, b.At, fx, fh), ends)
	return ends
}

// Noise is put back to γ times what there was, between the noises of the two times.
func TestChurnOnAnyPath(t *testing.T) {
	c := Churn{Factor: 1.3, From: 0.75, To: 0.03}
	for _, s := range []schedule.Schedule{schedule.VE{Most: 20}, schedule.EDM, schedule.Linear{}} {
		for _, sigma := range []float64{0.02, 3.1} {
			if at := schedule.TimeOf(s, sigma); c.backOn(s, at) != at {
				t.Errorf("%v: noise is put back at σ = %v", s, sigma)
			}
		}
		at := schedule.TimeOf(s, 0.5)
		if got := s.At(c.backOn(s, at)).Ratio(); math.Abs(got-0.65) > 1e-9 {
			t.Errorf("%v: from σ = 0.5 back to %v, want 0.65", s, got)
		}
	}
	if got := (Churn{Factor: 1e9, From: 0.75, To: 0.03}).backOn(schedule.VE{Most: 20}, 0.1); got != 1 {
		t.Errorf("beyond the path's end back to t = %v", got)
	}
}

// The grid is that of Karras et al., eq. 5.
func TestKarrasGrid(t *testing.T) {
	s := schedule.VE{Most: 80}
	for i, at := range KarrasGrid(s, 1, 0, 18) {
		u := float64(i) / 18
		want := math.Pow(math.Pow(80, 1.0/7)+u*(math.Pow(0.002, 1.0/7)-math.Pow(80, 1.0/7)), 7)
		if got := s.At(at).Sigma; math.Abs(got-want) > 1e-9 {
			t.Errorf("step %d: σ = %v, want %v", i, got, want)
		}
	}
}

// What an output cannot do is an error, in training and in sampling.
func TestOutputsOfDiffusionAreChecked(t *testing.T) {
	vp := Path{X: schedule.VPLinear, H: schedule.VPLinear}
	straightZ := vp
	straightZ.Z = schedule.Linear{}
	for want, c := range map[string]struct {
		Output
		Path
	}{
		"the noise of coordinates says nothing of the data at t = 1, where linear": {Output{X: CoordinateNoise}, Hybrid},
		"the noise of features says nothing":                                       {Output{H: FeatureNoise}, Path{X: schedule.VPLinear, H: schedule.Linear{}}},
		"the noise of last channel says nothing":                                   {Output{H: FeatureNoise}, straightZ},
		"data of mean square 0 Å²":                                                 {Output{X: CoordinatePreconditioned, Moments: Moments{Features: 1}}, vp},
		"features of 0":                                                            {Output{H: FeaturePreconditioned, Moments: Moments{Data: 1}}, vp},
	} {
		net := &lawful{answer: edmNoise}
		s := &Sampler[float64]{Net: net, Path: c.Path, Output: c.Output, Steps: 2, Features: 2}
		if _, _, err := s.Sample([]int{2}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("sampler: error %v, want %q in it", err, want)
		}
		settings := Settings{Path: c.Path, Output: c.Output, Batch: 1, Shard: 1}
		if _, err := NewTrainer(settings, net, nn.NewAdamW(net.Params()), clouds(1, 2, 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("trainer: error %v, want %q in it", err, want)
		}
	}
	settings := Settings{Path: vp, Batch: 1, Shard: 1, Times: TimeLaw{Kind: LogNormal}}
	if _, err := NewTrainer(settings, &lawful{}, nn.NewAdamW(&nn.Params[float64]{}), clouds(1, 2, 1)); err == nil || !strings.Contains(err.Error(), "no schedule whose noise it is") {
		t.Errorf("error %v", err)
	}
}

// The mean square of features is that of all numbers.
func TestMeasureFeatures(t *testing.T) {
	examples := []Example[float64]{{State: State[float64]{H: []float64{1, 2}}}, {State: State[float64]{H: []float64{3, 0, 0, 0}}}}
	if got := MeasureFeatures(examples); got != 14.0/6 {
		t.Errorf("%v, want 14/6", got)
	}
	if got := MeasureFeatures[float64](nil); got != 0 {
		t.Errorf("%v of nothing", got)
	}
}
