package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// capturing is an engine that keeps a copy of the whole batch.
type capturing struct {
	flow.Engine[float64]
	flow.Batch[float64]
}

func (e *capturing) Gradient(b *flow.Batch[float64], idle func()) ([]float64, flow.Parts, error) {
	e.Batch = *b
	for _, s := range []*[]float64{&e.Data.X, &e.Data.H, &e.Noise.X, &e.Noise.H, &e.At.X, &e.At.H, &e.Target.X, &e.Target.H, &e.Cond} {
		*s = slices.Clone(*s)
	}
	e.Batch.Told, e.Batch.Sizes, e.Batch.Times, e.Batch.Each = slices.Clone(b.Told), slices.Clone(b.Sizes), slices.Clone(b.Times), nil
	return e.Engine.Gradient(b, idle)
}

// flagged is a small network that is told what is given.
func flagged[T autograd.Float](t testing.TB, context int) *egnn.Field[T] {
	c := egnn.QM9()
	c.Features, c.Context, c.Hidden, c.Layers = 3, context, 8, 2
	f, err := egnn.New[T](c)
	if err != nil {
		t.Fatal(err)
	}
	f.Init(rand.New(rand.NewPCG(1, 1)))
	for i := range f.Params().Data { // untrained, it would hardly move atoms
		f.Params().Data[i] *= 2
	}
	return f
}

// toldBatch is the batch of a step after some, and what of it the trainer has learned.
func toldBatch(t *testing.T, after int, change func(s *flow.Settings)) (*capturing, *flow.Trainer[float64]) {
	t.Helper()
	s := settings(2)
	s.Align, s.Given, s.Weights.Pair, s.Weights.PairCutoff, s.Weights.PairUntil = eot.Options{}, flow.Shares{Types: 0.5, Parts: 0.5}, 0.3, 2, 1
	s.Output = flow.Output{X: flow.CoordinateResidual, H: flow.FeatureEndPoint, Moments: flow.Moments{Data: 1.5, Noise: 0.9}}
	change(&s)
	examples := someMolecules[float64](23)
	for i := range examples {
		examples[i].Context = make([]float64, 2)
	}
	net := flagged[float64](t, 2)
	tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
	if err != nil {
		t.Fatal(err)
	}
	e := &capturing{Engine: tr.Engine}
	tr.Engine, tr.Steps = e, after
	if _, err := tr.Step(); err != nil {
		t.Fatal(err)
	}
	return e, tr
}

// What is given is on the path without noise; its columns say so; and the frame of a part
// has its centre at the origin, while others' noise there has no mean taken off. A
// molecule of which nothing is given is drawn as without such molecules, to the bit.
func TestWhatIsGivenIsShown(t *testing.T) {
	b, _ := toldBatch(t, 3, func(*flow.Settings) {})
	off, _ := toldBatch(t, 3, func(s *flow.Settings) { s.Given = flow.Shares{} })
	if off.Told != nil {
		t.Error("something is given where nothing is to be")
	}
	seen, first := map[string]int{}, 0
	for m, n := range b.Sizes {
		of, cond := b.Told[first:first+n], b.Cond[3*first:]
		alpha := b.Path.X.At(b.Times[m]).Alpha
		var centre, noise [3]float64
		parts := 0
		for i, what := range of {
			if cond[3*i+1] != float64(what&flow.TypeTold) || cond[3*i+2] != float64(what>>1) {
				t.Fatalf("molecule %d: of atom %d is given %b, its columns say %v", m, i, what, cond[3*i+1:3*i+3])
			}
			for k := 3 * (first + i); k < 3*(first+i)+3; k++ {
				noise[k%3] += b.Noise.X[k]
				if what&flow.PlaceTold == 0 {
					continue
				}
				centre[k%3] += b.Data.X[k]
				if b.At.X[k] != alpha*b.Data.X[k] || b.Noise.X[k] != 0 || b.Noise.H[k] != 0 {
					t.Errorf("atom %d of a part lies at %v, its data at %v", i, b.At.X[k], b.Data.X[k])
				}
			}
			parts += int(what >> 1)
		}
		atoms := slices.Clone(of)
		slices.Sort(atoms)
		kind := fmt.Sprint(slices.Compact(atoms))
		seen[kind]++
		switch {
		case parts == n:
			t.Errorf("molecule %d: all %d atoms are its part", m, n)
		case parts > 0:
			if r := math.Hypot(math.Hypot(centre[0], centre[1]), centre[2]); r > 1e-12 {
				t.Errorf("molecule %d: the part's centre lies %v from the origin", m, r)
			}
			if noise[0] == 0 || math.Abs(noise[0]+noise[1]+noise[2]) < 1e-9 {
				t.Errorf("molecule %d: noise about a part has its mean taken off", m)
			}
		case kind == "[0]":
			if !slices.Equal(b.At.X[3*first:3*(first+n)], off.At.X[3*first:3*(first+n)]) || !slices.Equal(b.At.H[3*first:3*(first+n)], off.At.H[3*first:3*(first+n)]) {
				t.Errorf("molecule %d, of which nothing is given, is another", m)
			}
		}
		first += n
	}
	if len(seen) < 4 { // none, types, a part, both
		t.Errorf("molecules are shown in the ways %v alone", seen)
	}
}

// The gradient is that of the loss, by finite differences, with all outputs that treat
// given atoms by themselves.
func TestGivenGradient(t *testing.T) {
	for _, h := range []flow.FeatureOutput{flow.FeatureEndPoint, flow.FeatureTypes} {
		b, _ := toldBatch(t, 0, func(s *flow.Settings) { s.Output.H, s.Output.Types, s.Output.Scale, s.Weights.Features = h, 3, 0.25, 2 })
		net := flagged[float64](t, 2)
		grad, tape := make([]float64, len(net.Params().Data)), autograd.NewTape[float64]()
		loss := func(back bool) float64 {
			tape.Reset()
			p, err := b.Predict(tape, net, net.Params().Bind(grad))
			if err != nil {
				t.Fatal(err)
			}
			y, parts := b.Objective(tape, p)
			if math.Abs(y.Data[0]-parts.Total) > 1e-12*(1+parts.Total) {
				t.Errorf("the loss is %v, its parts add up to %v", y.Data[0], parts.Total)
			}
			if back {
				tape.Backward(y)
			}
			return y.Data[0]
		}
		loss(true)
		params, step := net.Params().Data, 1e-5
		for k := 0; k < len(params); k += 53 {
			was := params[k]
			params[k] = was + step
			up := loss(false)
			params[k] = was - step
			down := loss(false)
			params[k] = was
			if want := (up - down) / (2 * step); math.Abs(grad[k]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%v: parameter %d: gradient %v, by differences %v", h, k, grad[k], want)
			}
		}
	}
}

// Given types have no part in the loss, and a shift of all that the network answers none in
// the prediction about a given part.
func TestGivenIsNotLearned(t *testing.T) {
	for _, h := range []flow.FeatureOutput{flow.FeatureEndPoint, flow.FeatureTypes} {
		b, _ := toldBatch(t, 2, func(s *flow.Settings) { s.Output.H, s.Output.Types, s.Output.Scale = h, 3, 0.25 })
		b.Each = make([]flow.Parts, len(b.Sizes))
		net, tape, first := flagged[float64](t, 2), autograd.NewTape[float64](), 0
		view := net.Params().Freeze(net.Params().Data)
		p, err := b.Predict(tape, net, view)
		if err != nil {
			t.Fatal(err)
		}
		b.Objective(tape, p)
		moved, err := b.Predict(tape, shifting{net}, view)
		if err != nil {
			t.Fatal(err)
		}
		for m, n := range b.Sizes {
			of := b.Told[first : first+n]
			if all := !slices.Contains(of, 0); all != (b.Each[m].H == 0) {
				t.Errorf("%v, molecule %d: all types are given: %t; the loss of features is %v", h, m, all, b.Each[m].H)
			}
			placed := slices.ContainsFunc(of, func(what flow.Told) bool { return what&flow.PlaceTold != 0 })
			off := 0.0
			for k := 3 * first; k < 3*(first+n); k++ {
				off = max(off, math.Abs(moved.QX.Data[k]-p.QX.Data[k]))
			}
			if placed != (off < 1e-12) {
				t.Errorf("%v, molecule %d: a part is given: %t; a shift changes the prediction by %v", h, m, placed, off)
			}
			first += n
		}
	}
}

// shifting answers with all atoms moved by a vector.
type shifting struct{ flow.Network[float64] }

func (s shifting) Forward(t *autograd.Tape[float64], v nn.View[float64], sizes []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	qx, qh, err = s.Network.Forward(t, v, sizes, x, h, cond)
	for i := range qx.Data {
		qx.Data[i] += float64(1 + i%3)
	}
	return qx, qh, err
}

// Prediction and target are one for what is given, and the end point is what it is.
func TestGivenIsPredicted(t *testing.T) {
	b, _ := toldBatch(t, 0, func(*flow.Settings) {})
	net, tape, first := flagged[float64](t, 2), autograd.NewTape[float64](), 0
	p, err := b.Predict(tape, net, net.Params().Freeze(net.Params().Data))
	if err != nil {
		t.Fatal(err)
	}
	for m, n := range b.Sizes {
		at := func(s []float64) []float64 { return s[3*first : 3*(first+n)] }
		end := flow.State[float64]{X: make([]float64, 3*n), H: make([]float64, 3*n)}
		flow.EndPoint(b.Path, b.Times[m], flow.State[float64]{X: at(b.At.X), H: at(b.At.H)}, flow.State[float64]{X: at(p.QX.Data), H: at(p.QH.Data)}, end)
		for i, what := range b.Told[first : first+n] {
			for k := 3 * i; k < 3*i+3; k++ {
				if what&flow.PlaceTold != 0 && (at(p.QX.Data)[k] != at(b.Target.X)[k] || math.Abs(end.X[k]-at(b.Data.X)[k]) > 1e-12) {
					t.Errorf("molecule %d, atom %d: q %v for %v, ends at %v for %v", m, i, at(p.QX.Data)[k], at(b.Target.X)[k], end.X[k], at(b.Data.X)[k])
				}
				if what&flow.TypeTold != 0 && (at(p.QH.Data)[k] != at(b.Target.H)[k] || math.Abs(end.H[k]-at(b.Data.H)[k]) > 1e-9) {
					t.Errorf("molecule %d, atom %d: features end at %v for %v", m, i, end.H[k], at(b.Data.H)[k])
				}
			}
		}
		first += n
	}
}

// What is given is keyed by step and place: the same for any number of workers, and for
// a training that goes on.
func TestGivenIsKeyed(t *testing.T) {
	want, learned := toldBatch(t, 2, func(s *flow.Settings) { s.Workers = 1 })
	for _, workers := range []int{2, 5} {
		b, tr := toldBatch(t, 2, func(s *flow.Settings) { s.Workers = workers })
		if !slices.Equal(b.Told, want.Told) || !reflect.DeepEqual(b.At, want.At) || !slices.Equal(tr.Net.Params().Data, learned.Net.Params().Data) {
			t.Errorf("%d workers see and learn what one does not", workers)
		}
	}
	walked, tr := toldBatch(t, 0, func(*flow.Settings) {})
	steps64(t, tr, 2)
	if !slices.Equal(walked.Told, want.Told) || !slices.Equal(walked.At.X, want.At.X) {
		t.Error("step 3 shows something else after steps than from there on")
	}
}

func steps64(t *testing.T, tr *flow.Trainer[float64], n int) {
	for range n {
		if _, err := tr.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

// aPart is a molecule of seven atoms of which the types of all are given and the places
// of three, or of some less.
func aPart(types, places int) flow.Given[float64] {
	rng := rand.New(rand.NewPCG(7, 7))
	g := flow.Given[float64]{State: flow.State[float64]{X: make([]float64, 21), H: make([]float64, 21)}, Told: make([]flow.Told, 7)}
	flow.Normal(rng, g.X)
	for i := range 7 {
		g.H[3*i+i%3] = 0.25
		if i < types {
			g.Told[i] |= flow.TypeTold
		}
		if i < places {
			g.Told[i] |= flow.PlaceTold
		}
	}
	return g
}

func partSampler(t *testing.T, solver flow.Solver) *flow.Sampler[float64] {
	return &flow.Sampler[float64]{Net: flagged[float64](t, 3), Path: flow.Hybrid, Solver: solver, Churn: flow.Churn{Factor: 1.1, From: 0.7, To: 0.1},
		Output: flow.Output{X: flow.CoordinateResidual, H: flow.FeatureEndPoint, Moments: flow.Moments{Data: 1.5, Noise: 0.9}},
		Eta:    1, Steps: 5, End: 0.2, Features: 3, Context: 3, Seed: 4, Workers: 1, Shard: 2}
}

var toldSizes = []int{7, 7, 5}

// sampleGiven draws three molecules with a part, a formula, and nothing given.
func sampleGiven(t *testing.T, s *flow.Sampler[float64]) []flow.State[float64] {
	t.Helper()
	s.Given = []flow.Given[float64]{aPart(3, 3), aPart(7, 0), {State: flow.State[float64]{X: make([]float64, 15), H: make([]float64, 15)}, Told: make([]flow.Told, 5)}}
	out, _, err := s.Sample(toldSizes, []float64{1, 0, 0, 1, 0, 0, 1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever the solver, what is given stays to the bit, where it lies, the rest is made,
// and a molecule of which nothing is given is that of a sample without.
func TestGivenStays(t *testing.T) {
	for solver := flow.Euler; solver <= flow.Karras; solver++ {
		resample := 1
		if solver >= flow.Stochastic {
			resample = 3
		}
		s := partSampler(t, solver)
		s.Resample = resample
		s.Watch = func(index int, time float64, at flow.State[float64]) error {
			if index == 0 && time > 0 {
				alpha := flow.Hybrid.X.At(time).Alpha
				for k := range 3 { // between given atoms, at every state: noise never moves them
					g := aPart(3, 3).X
					if d := at.X[k] - at.X[3+k] - alpha*(g[k]-g[3+k]); math.Abs(d) > 1e-12 {
						t.Errorf("%v: at t = %v given atoms are %v Å off", solver, time, d)
						return fmt.Errorf("moved")
					}
				}
			}
			return nil
		}
		out := sampleGiven(t, s)
		part := aPart(3, 3)
		if !slices.Equal(out[0].X[:9], part.X[:9]) || !slices.Equal(out[0].H[:9], part.H[:9]) || !slices.Equal(out[1].H, part.H) {
			t.Errorf("%v: what was given has changed", solver)
		}
		if slices.Equal(out[0].H[9:], part.H[9:]) || slices.Equal(out[1].X[:9], part.X[:9]) {
			t.Errorf("%v: what was not given is as if it were", solver)
		}
		s = partSampler(t, solver)
		s.Resample = resample
		free, _, err := s.Sample(toldSizes, []float64{1, 0, 0, 1, 0, 0, 1, 0, 0})
		if err != nil || !slices.Equal(free[2].X, out[2].X) {
			t.Errorf("%v: a molecule of which nothing is given is another beside such, error %v", solver, err)
		}
	}
}

// A turned and moved part, from noise turned with it, is gone on with to the turned and
// moved molecule.
func TestGivenTurns(t *testing.T) {
	r := eot.RandomRotation(rand.New(rand.NewPCG(1, 3)))
	turn := func(x []float64, by [3]float64) (y []float64) {
		for i := 0; i < len(x); i += 3 {
			a, b, c := r.Apply(x[i], x[i+1], x[i+2])
			y = append(y, a+by[0], b+by[1], c+by[2])
		}
		return y
	}
	for solver := flow.Euler; solver <= flow.RK4; solver++ {
		s := partSampler(t, solver)
		s.Path.X = schedule.VPLinear // some of the part shows at t = 1
		s.Given = []flow.Given[float64]{aPart(3, 3)}
		prior, err := s.Prior([]int{7})
		if err != nil {
			t.Fatal(err)
		}
		s.Start = flow.Start[float64]{States: prior}
		out, _, err := s.Sample([]int{7}, []float64{1, 0, 0})
		if err != nil {
			t.Fatal(err)
		}
		by := [3]float64{5, -3, 1}
		s.Given[0].X, prior[0].X = turn(s.Given[0].X, by), turn(prior[0].X, [3]float64{})
		turned, _, err := s.Sample([]int{7}, []float64{1, 0, 0})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range turn(out[0].X, by) {
			if math.Abs(turned[0].X[i]-v) > 1e-9 {
				t.Fatalf("%v: coordinate %d is %v, not %v", solver, i, turned[0].X[i], v)
			}
		}
	}
}

// The same bits for any number of workers; guidance, which takes the context away, leaves
// what is given; and what does not go together is said.
func TestGivenIsTold(t *testing.T) {
	want := sampleGiven(t, partSampler(t, flow.DPM))
	s := partSampler(t, flow.DPM)
	s.Workers = 3
	if got := sampleGiven(t, s); !reflect.DeepEqual(got, want) {
		t.Error("three workers make other molecules than one")
	}
	s = partSampler(t, flow.Euler)
	told := &listening{Network: s.Net}
	s.Net, s.Guidance = told, 1
	if sampleGiven(t, s); told.shown[0] == 0 || told.shown[1] == 0 || told.shown[0] != told.shown[1] {
		t.Errorf("flags add up to %v with the context, %v without", told.shown[1], told.shown[0])
	}
	s = partSampler(t, flow.Euler)
	s.Given = []flow.Given[float64]{aPart(3, 3)}
	if _, _, err := s.Sample([]int{6}, []float64{1, 0, 0}); err == nil {
		t.Error("a part of another size is taken")
	}
	s.Context = 1
	if _, _, err := s.Sample([]int{7}, []float64{1}); err == nil {
		t.Error("a network without the columns is told")
	}
}

// Types that are told from a time on are anything before it, and then all there, dealt out to
// atoms without a given place as the network sees them: so that whoever is like what it is
// given stays, at an evaluation more.
func TestTypesAreToldLater(t *testing.T) {
	s, given := partSampler(t, flow.DPM), aPart(7, 2)
	free, before, err := s.Sample([]int{7}, []float64{1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	s = partSampler(t, flow.DPM)
	s.Given, s.TypesFrom = []flow.Given[float64]{given}, 0.5
	s.Watch = func(_ int, time float64, at flow.State[float64]) error {
		alpha, held := flow.Hybrid.H.At(time).Alpha, 0
		for i := range 7 {
			for k := range 7 {
				if math.Abs(at.H[3*i]-alpha*given.H[3*k])+math.Abs(at.H[3*i+1]-alpha*given.H[3*k+1])+math.Abs(at.H[3*i+2]-alpha*given.H[3*k+2]) < 1e-12 {
					held++
					break
				}
			}
		}
		if want := map[bool]int{true: 2, false: 7}[time > 0.5]; held != want {
			t.Errorf("at t = %v %d atoms have types, not %d", time, held, want)
		}
		return nil
	}
	out, stats, err := s.Sample([]int{7}, []float64{1, 0, 0})
	if err != nil || stats.NFE != before.NFE+1 {
		t.Fatalf("%d evaluations, %d without, error %v", stats.NFE, before.NFE, err)
	}
	kinds := func(h []float64) (n [3]int) {
		for i := range 7 {
			for k := range 3 {
				if h[3*i+k] == 0.25 {
					n[k]++
				}
			}
		}
		return n
	}
	if kinds(out[0].H) != kinds(given.H) || !slices.Equal(out[0].H[:6], given.H[:6]) || slices.Equal(out[0].H, free[0].H) {
		t.Errorf("types %v, given %v", out[0].H, given.H)
	}
}

// listening adds up the flags that a network is shown, by whether it is shown a context.
type listening struct {
	flow.Network[float64]
	shown [2]float64
}

func (l *listening) Forward(t *autograd.Tape[float64], v nn.View[float64], sizes []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	for i := range cond.Rows {
		l.shown[int(cond.Row(i)[1])] += cond.Row(i)[2] + cond.Row(i)[3]
	}
	return l.Network.Forward(t, v, sizes, x, h, cond)
}
