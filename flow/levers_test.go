package flow

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/eot"
	"equifm/flow/schedule"
	"equifm/nn"
)

// The laws of t have the distribution they are named after: their quantiles are
// where theory puts them.
func TestTimeLaws(t *testing.T) {
	const draws = 40_000
	for _, test := range []struct {
		law      TimeLaw
		quantile func(p float64) float64
	}{
		{TimeLaw{}, func(p float64) float64 { return p }},
		{TimeLaw{Kind: PowerLaw, Power: 2}, func(p float64) float64 { return math.Cbrt(p) }},
		{TimeLaw{Kind: PowerLaw, Power: -0.5}, func(p float64) float64 { return p * p }},
		{TimeLaw{Kind: LogitNormal, Mean: -1.2, Std: 1.2}, func(p float64) float64 {
			return 1 / (1 + math.Exp(1.2-1.2*math.Sqrt2*math.Erfinv(2*p-1)))
		}},
		{TimeLaw{Kind: LogNormal, Mean: -1.2, Std: 1.2, Of: schedule.VE{Most: 20}}, func(p float64) float64 {
			return (math.Exp(-1.2+1.2*math.Sqrt2*math.Erfinv(2*p-1)) - 0.002) / (20 - 0.002)
		}},
	} {
		rng, times := rand.New(rand.NewPCG(5, 5)), make([]float64, draws)
		for i := range times {
			times[i] = test.law.Draw(rng)
		}
		for _, p := range []float64{0.02, 0.1, 0.5, 0.9, 0.98} {
			below := 0
			for _, v := range times {
				if v < test.quantile(p) {
					below++
				}
			}
			if got := float64(below) / draws; math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/draws) {
				t.Errorf("%v: %.4f of the draws lie below the quantile %v", test.law, got, p)
			}
		}
	}
}

// clouds are Gaussian molecules: every coordinate of variance v but for the
// centre, every feature standard normal.
func clouds(count, n int, v float64) []Example[float64] {
	rng, examples := rand.New(rand.NewPCG(8, 8)), make([]Example[float64], count)
	for k := range examples {
		x, h := make([]float64, 3*n), make([]float64, 2*n)
		CentredNormal(rng, x)
		scale(x, math.Sqrt(v), x)
		Normal(rng, h)
		examples[k].State = State[float64]{X: x, H: h}
	}
	return examples
}

// The moments of Gaussian clouds are known; of an alignment, the covariance is
// positive, and half the mean cost is what they say it is.
func TestMoments(t *testing.T) {
	const n, v = 6, 1.7
	examples := clouds(3000, n, v)
	share := float64(n-1) / n // a centred coordinate has this much of its variance
	m, err := MeasureMoments(examples, eot.Options{Mode: eot.None}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Data/(v*share)-1) > 0.02 || math.Abs(m.Noise/share-1) > 0.02 || m.Both != 0 {
		t.Errorf("without transport: %+v", m)
	}
	both, err := MeasureMoments(examples, eot.Options{Mode: eot.Both}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if both.Data != m.Data || math.Abs(both.Noise/m.Noise-1) > 1e-12 || both.Both < 0.3 {
		t.Errorf("with transport: %+v, without %+v", both, m)
	}
}

// The guess is SPEC's formula on the straight path, and least squares on any.
func TestGuess(t *testing.T) {
	m := Moments{Data: 1.795, Noise: 0.943, Both: 1.043}
	for _, time := range []float64{0.05, 0.3, 0.8, 1} {
		u := 1 - time
		want := (time*(m.Noise-m.Both) + u*(m.Both-m.Data)) / (u*u*m.Data + time*time*m.Noise + 2*time*u*m.Both)
		if got := m.guess(schedule.Linear{}.At(time)); math.Abs(got-want) > 2e-3 { // ε apart
			t.Errorf("t = %v: %v, want %v", time, got, want)
		}
	}
	// Numbers with these moments: x₀ = √v_x·a, z = c/√v_x·a + rest·b.
	rng := rand.New(rand.NewPCG(2, 2))
	c := schedule.VPCosine.At(0.4)
	var qx, xx float64
	for range 200_000 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		x0 := math.Sqrt(m.Data) * a
		z := m.Both/math.Sqrt(m.Data)*a + math.Sqrt(m.Noise-m.Both*m.Both/m.Data)*b
		xt, q := c.Alpha*x0+c.Sigma*z, c.QData*x0+c.QNoise*z
		qx, xx = qx+q*xt, xx+xt*xt
	}
	if got := m.guess(c); math.Abs(got-qx/xx) > 0.01 {
		t.Errorf("guess %v, least squares %v", got, qx/xx)
	}
}

// mute predicts nothing: with CoordinateResidual its q̂_x is the best linear
// guess, which for Gaussian data is the true velocity.
type mute struct{ params nn.Params[float64] }

func (s *mute) Params() *nn.Params[float64] { return &s.params }

func (s *mute) Forward(t *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, _ *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	return autograd.Scale(t, 0, x), autograd.Scale(t, 0, h), nil
}

// With the true velocity of Gaussian data, samples have the data's variance, with
// noise put back before every step or without.
func TestGaussianIsSampled(t *testing.T) {
	const n, v, count = 5, 1.8, 800
	for _, c := range []struct {
		solver Solver
		steps  int
		eta    float64
	}{{Euler, 200, 0}, {Stochastic, 200, 0}, {DPM, 40, 0}, {DPM, 80, 1}} { // steps of a first-order solver are to be short: 1.2 makes the variance 1.6
		s := &Sampler[float64]{Net: &mute{}, Path: Hybrid, Output: Output{X: CoordinateResidual, Moments: Moments{Data: v, Noise: 1}},
			Solver: c.solver, Eta: c.eta, Churn: Churn{Factor: 1.01, From: 0.75, To: 0.03}, Steps: c.steps,
			Features: 2, Shard: 8, Seed: 3, Workers: 2}
		states, _, err := s.Sample(slices.Repeat([]int{n}, count), nil)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, s := range states {
			for _, x := range s.X {
				sum += x * x
			}
		}
		const dims = 3 * (n - 1) * count
		got := sum / dims
		if math.Abs(got/v-1) > 4*math.Sqrt(2.0/dims)+0.01 {
			t.Errorf("%+v: variance %.3f, of the data %.3f", c, got, v)
		}
	}
}

// Noise put back leaves a state distributed as the path is at the later time:
// its share of the data is α̂, its noise has variance σ̂².
func TestDiffuseKeepsToThePath(t *testing.T) {
	for _, s := range []schedule.Schedule{schedule.Linear{}, schedule.VPLinear, schedule.VPPoly, schedule.VPCosine} {
		churn := Churn{Factor: 1.3, From: 0.75, To: 0.03}
		for _, time := range []float64{0.9, 0.76, 0.02} {
			if churn.back(time) != time {
				t.Errorf("noise is put back at t = %v", time)
			}
		}
		for _, time := range []float64{0.03, 0.2, 0.75} {
			back := churn.back(time)
			if got, want := back/(1-back), 1.3*time/(1-time); math.Abs(got-want) > 1e-12 {
				t.Errorf("t = %v: t̂/(1-t̂) = %v, want %v", time, got, want)
			}
			now, then := s.At(time), s.At(back)
			datum, noise := []float64{now.Alpha}, []float64{0}
			diffuse(s, time, back, datum, noise)
			if math.Abs(datum[0]-then.Alpha) > 1e-12 {
				t.Errorf("%v: share of the data %v, want %v", s, datum[0], then.Alpha)
			}
			old, fresh := []float64{now.Sigma}, []float64{0}
			diffuse(s, time, back, old, fresh)
			added := []float64{0}
			diffuse(s, time, back, added, []float64{1})
			if got := math.Hypot(old[0], added[0]); math.Abs(got-then.Sigma) > 1e-12 {
				t.Errorf("%v: noise of %v, want %v", s, got, then.Sigma)
			}
		}
	}
}

// batchOf draws a small batch at known times.
func batchOf(rng *rand.Rand) *Batch[float64] {
	b := &Batch[float64]{Path: Hybrid, Count: 3, Sizes: []int{4, 1, 3}, Times: []float64{0.3, 0.2, 0.45}}
	random := func(cols int) []float64 { return gradcheck.Random(rng, 8, cols).Data }
	b.Data, b.At = State[float64]{random(3), random(4)}, State[float64]{random(3), random(4)}
	b.Target = State[float64]{random(3), random(4)}
	return b
}

// Every part of the loss, through every output, against finite differences.
func TestLeverGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	b := batchOf(rng)
	weights := Weights{Angle: 0.5, Features: 3, Pair: 0.7, PairCutoff: 2.5, PairUntil: 0.4}
	for x := CoordinateVelocity; x <= CoordinatePreconditioned; x++ {
		for k, h := range []FeatureOutput{FeatureVelocity, FeatureEndPoint, FeatureTypes, FeatureEndPoint, FeatureNoise, FeaturePreconditioned, FeaturePreconditioned} {
			o := Output{X: x, H: h, Moments: Moments{1.8, 0.9, 0.2, 0.3}, Types: 3, Scale: 0.25}
			if b.Path.Z = nil; k == 3 || k == 6 {
				b.Path.Z = schedule.VPCosine
			}
			b.Output = o
			gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
				b.Weights = weights
				loss, parts := b.Objective(tape, Predict(tape, o, b.Path, b.Times, b.Sizes, b.At, in[0], in[1]))
				if want := parts.X + 3*parts.H + 0.5*parts.Angle + 0.7*parts.Pair; math.Abs(loss.Data[0]-want) > 1e-12 || math.Abs(parts.Total-want) > 1e-12 || !(parts.Pair > 0) {
					t.Errorf("%v, %v: loss %v, parts %+v", x, h, loss.Data[0], parts)
				}
				return loss
			}, gradcheck.Random(rng, 8, 3), gradcheck.Random(rng, 8, 4))
			gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
				p := Predict(tape, o, b.Path, b.Times, b.Sizes, b.At, in[0], in[1])
				return autograd.Concat(tape, p.QX, p.QH)
			}, gradcheck.Random(rng, 8, 3), gradcheck.Random(rng, 8, 4))
		}
	}
}

// The pair loss by hand, and where it does not look.
func TestPairLossByHand(t *testing.T) {
	const time, d, hat = 0.2, 1.5, 1.6 // Å
	c := schedule.Linear{}.At(time)
	x0 := []float64{0, 0, 0, d, 0, 0, 9, 0, 0} // the third atom is too far from both
	xt := []float64{0, 0, 0, 1, 0, 0, 9, 0, 0}
	qx := []float64{0, 0, 0, (hat - c.EndState) / c.EndQ, 0, 0, 0, 0, 0} // x̂₀ of atom 2 at 1.6
	b := &Batch[float64]{Path: Hybrid, Count: 2, Sizes: []int{3}, Times: []float64{time}, Data: State[float64]{X: x0}, At: State[float64]{X: xt}}
	b.Weights = Weights{Pair: 0.3, PairCutoff: 2, PairUntil: 0.5}
	_, got := pairLoss(autograd.NewTape[float64](), autograd.Const(3, 3, qx), b)
	if want := 2 * (hat - d) * (hat - d) / 2 / (c.Sigma * c.Sigma) / (2 * 3); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	for _, late := range []Weights{{Pair: 1, PairCutoff: 2, PairUntil: 0.1}, {Pair: 1, PairCutoff: 1.4, PairUntil: 0.5}} {
		b.Weights = late
		if _, got := pairLoss(autograd.NewTape[float64](), autograd.Const(3, 3, qx), b); got != 0 {
			t.Errorf("%+v: %v, want 0", late, got)
		}
	}
}

// The true end point as features' output gives the path's own target, and the
// right types with certainty cost nothing.
func TestTrueEndPointIsTheTarget(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	b := batchOf(rng)
	clear(b.Data.H)
	for i := range 8 {
		b.Data.H[4*i+i%3], b.Data.H[4*i+3] = 0.25, 0.6
	}
	noise, first := gradcheck.Random(rng, 8, 4).Data, 0
	logits := make([]float64, len(b.Data.H))
	for m, n := range b.Sizes {
		to := first + n
		zero := make([]float64, 3*n)
		Interpolate(b.Path, b.Times[m], State[float64]{zero, b.Data.H[4*first : 4*to]}, State[float64]{zero, noise[4*first : 4*to]},
			State[float64]{zero, b.At.H[4*first : 4*to]}, State[float64]{zero, b.Target.H[4*first : 4*to]})
		first = to
	}
	for i, v := range b.Data.H {
		logits[i] = 400 * v
		if i%4 == 3 {
			logits[i] = v
		}
	}
	zero := autograd.Const(8, 3, make([]float64, 24))
	for kind, f := range map[FeatureOutput][]float64{FeatureEndPoint: b.Data.H, FeatureTypes: logits} {
		tape, o := autograd.NewTape[float64](), Output{H: kind, Types: 3, Scale: 0.25}
		p := Predict(tape, o, b.Path, b.Times, b.Sizes, b.At, zero, autograd.Const(8, 4, f))
		for i, q := range p.QH.Data {
			if math.Abs(q-b.Target.H[i]) > 1e-12 {
				t.Fatalf("%v: q̂_h is %v, its target %v", kind, q, b.Target.H[i])
			}
		}
		b.Weights = Weights{Features: 1}
		if _, parts := b.Objective(tape, p); parts.H > 1e-12 {
			t.Errorf("%v: loss %v of the truth", kind, parts.H)
		}
	}
}

// A sum of losses is one of their parts, and so is a multiple.
func TestPartsAddUp(t *testing.T) {
	sum := Parts{1, 2, 3, 4, 5}
	sum.add(Parts{10, 20, 30, 40, 50})
	if got, want := sum.scaled(2), (Parts{22, 44, 66, 88, 110}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
