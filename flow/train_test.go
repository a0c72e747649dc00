package flow_test

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/nn"
)

// someMolecules are random clouds of atoms with one-hot features of width 3.
func someMolecules[T autograd.Float](count int) []flow.Example[T] {
	rng := rand.New(rand.NewPCG(11, 0))
	examples := make([]flow.Example[T], count)
	for k := range examples {
		n := 2 + rng.IntN(7)
		x, h := make([]T, 3*n), make([]T, 3*n)
		flow.CentredNormal(rng, x)
		for i := range n {
			h[3*i+rng.IntN(3)] = 0.25
		}
		examples[k].State = flow.State[T]{X: x, H: h}
	}
	return examples
}

func settings(workers int) flow.Settings {
	return flow.Settings{Path: flow.Hybrid, Align: eot.Options{Mode: eot.Both}, Weights: flow.Published, Batch: 10, Shard: 3, EMA: 0.99, Seed: 5, Workers: workers}
}

func smallField[T autograd.Float](t testing.TB) *egnn.Field[T] {
	c := egnn.QM9()
	c.Features, c.Hidden, c.Layers = 3, 16, 2
	f, err := egnn.New[T](c)
	if err != nil {
		t.Fatal(err)
	}
	f.Init(rand.New(rand.NewPCG(1, 1)))
	return f
}

func newTrainer(t testing.TB, workers int) *flow.Trainer[float32] {
	return trainerOf(t, settings(workers), someMolecules[float32](23))
}

// trainerOf trains a small network with AdamW.
func trainerOf(t testing.TB, s flow.Settings, examples []flow.Example[float32]) *flow.Trainer[float32] {
	net := smallField[float32](t)
	tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func steps(t testing.TB, tr *flow.Trainer[float32], n int) (last flow.Report) {
	for range n {
		var err error
		if last, err = tr.Step(); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// The same bits for any number of workers, across epochs and in the average.
func TestWorkersDoNotChangeABit(t *testing.T) {
	want := newTrainer(t, 1)
	report := steps(t, want, 12)
	for _, workers := range []int{2, 3, 16} {
		tr := newTrainer(t, workers)
		if got := steps(t, tr, 12); got != report {
			t.Errorf("%d workers report %+v, one %+v", workers, got, report)
		}
		if !slices.Equal(tr.Net.Params().Data, want.Net.Params().Data) || !slices.Equal(tr.Average.Data, want.Average.Data) {
			t.Errorf("%d workers give other parameters than one", workers)
		}
	}
}

// selfish is an engine that lends nobody a hand, and fails when told to.
type selfish struct {
	flow.Engine[float32]
	fail error
}

func (e *selfish) Gradient(b *flow.Batch[float32], _ func()) ([]float32, flow.Parts, error) {
	grad, loss, err := e.Engine.Gradient(b, func() {})
	return grad, loss, cmp.Or(e.fail, err)
}

// Who draws the next batch does not matter, and what an engine cannot do is said
// and changes nothing: the step can be taken again.
func TestEngines(t *testing.T) {
	want, tr := newTrainer(t, 2), newTrainer(t, 2)
	e := &selfish{tr.Engine, nil}
	tr.Engine = e
	steps(t, tr, 4)
	e.fail = errors.New("out of memory")
	if _, err := tr.Step(); !errors.Is(err, e.fail) || !strings.Contains(err.Error(), "step 5") {
		t.Errorf("error %v", err)
	}
	e.fail = nil
	if got, expected := steps(t, tr, 4), steps(t, want, 8); got != expected || !slices.Equal(tr.Net.Params().Data, want.Net.Params().Data) {
		t.Errorf("%+v, want %+v", got, expected)
	}
}

// Validating is repeatable, the same for any number of workers, and changes
// nothing of what is learned.
func TestValidateChangesNothing(t *testing.T) {
	held := someMolecules[float32](40)[23:]
	want, tr := newTrainer(t, 1), newTrainer(t, 3)
	for range 4 {
		steps(t, want, 2)
		steps(t, tr, 2)
		first, err := tr.Validate(held)
		if err != nil {
			t.Fatal(err)
		}
		again, err := tr.Validate(held)
		if err != nil {
			t.Fatal(err)
		}
		one, err := want.Validate(held)
		if err != nil {
			t.Fatal(err)
		}
		if first != again || first != one || !(first.Total > 0) {
			t.Fatalf("%+v, again %+v, with one worker %+v", first, again, one)
		}
	}
	never := newTrainer(t, 2)
	steps(t, never, 8)
	if !slices.Equal(tr.Net.Params().Data, never.Net.Params().Data) || !slices.Equal(tr.Average.Data, never.Average.Data) {
		t.Error("a trainer that validates learns something else")
	}
}

// What is validated is the average: its loss is that of a trainer whose
// parameters are the average.
func TestValidateTakesTheAverage(t *testing.T) {
	held := someMolecules[float32](30)[23:]
	tr, other := newTrainer(t, 2), newTrainer(t, 2)
	steps(t, tr, 5)
	copy(other.Average.Data, tr.Average.Data)
	got, err := tr.Validate(held)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := other.Validate(held); err != nil || got != want {
		t.Errorf("%+v, want %+v; error %v", got, want, err)
	}
}

// A trainer given another's state goes on as the other does.
func TestResumeIsExact(t *testing.T) {
	want := newTrainer(t, 2)
	steps(t, want, 4)
	tr := newTrainer(t, 2)
	copy(tr.Net.Params().Data, want.Net.Params().Data)
	copy(tr.Average.Data, want.Average.Data)
	o, w := tr.Optimizer.(*nn.AdamW[float32]), want.Optimizer.(*nn.AdamW[float32])
	tr.Steps, tr.Average.Steps, o.Steps = want.Steps, want.Average.Steps, w.Steps
	copy(o.M, w.M)
	copy(o.V, w.V)
	copy(o.VMax, w.VMax)
	tr.Clipper.History = slices.Clone(want.Clipper.History)
	if got, expected := steps(t, tr, 5), steps(t, want, 5); got != expected {
		t.Errorf("resumed: %+v, straight on: %+v", got, expected)
	}
	if !slices.Equal(tr.Net.Params().Data, want.Net.Params().Data) {
		t.Error("resumed training gives other parameters")
	}
}

// A warm step's allocations are the goroutines', not the batch's.
func TestStepAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("many steps, until every size of molecule has been everywhere")
	}
	allocs := func(batch int) float64 {
		s := settings(2)
		s.Batch, s.Shard = batch, batch/2
		tr := trainerOf(t, s, someMolecules[float32](23))
		steps(t, tr, 60) // every size of molecule has been everywhere
		return testing.AllocsPerRun(20, func() { steps(t, tr, 1) })
	}
	if small, large := allocs(4), allocs(64); large > small+3 || large > 60 {
		t.Errorf("%v allocations a step at batch 4, %v at 64", small, large)
	}
}

// silent predicts zero.
type silent struct{ params nn.Params[float64] }

func (s *silent) Params() *nn.Params[float64] { return &s.params }

func (s *silent) Forward(t *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, _ *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	return autograd.Scale(t, 0, x), autograd.Scale(t, 0, h), nil
}

// With the output held at zero the loss is what theory gives for the path, with
// noise as drawn, for a molecule of n atoms with scaled one-hot features:
//
//	E|q_x|²/n = (1-ε)²·3(n-1)/n + |x₀|²/n
//	E|q_h|²/n = ∫ a²(1-a²)²·|h₀|²/n + a⁴(1-a²)·F dt,  a = exp(-T(t)/2)
//	E[1-cos]  = 1
func TestZeroOutputHasTheLossOfTheory(t *testing.T) {
	examples := someMolecules[float64](40)
	s := settings(2)
	s.Batch, s.Shard, s.Align.Mode = 400, 50, eot.None
	net := &silent{}
	tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
	if err != nil {
		t.Fatal(err)
	}
	var got flow.Parts
	n, tolerance := 200.0, 0.01 // 80,000 molecules: standard error about 0.3% of each part
	if testing.Short() {
		n, tolerance = 20, 0.03
	}
	for range int(n) {
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		got.X, got.H, got.Angle = got.X+r.Loss.X/n, got.H+r.Loss.H/n, got.Angle+r.Loss.Angle/n
	}
	want := theory(examples)
	for name, v := range map[string][2]float64{"x": {got.X, want.X}, "h": {got.H, want.H}, "angle": {got.Angle, want.Angle}} {
		if math.Abs(v[0]/v[1]-1) > tolerance {
			t.Errorf("%s: loss %.5f, theory %.5f", name, v[0], v[1])
		}
	}
}

func theory(examples []flow.Example[float64]) (p flow.Parts) {
	const F, cells = 3, 10_000
	var data, noise float64 // ∫ a²(1-a²)² dt, ∫ a⁴(1-a²) dt by the midpoint rule
	for i := range cells {
		time := (float64(i) + 0.5) / cells
		a2 := math.Exp(-0.1*time - 9.95*time*time)
		data += a2 * (1 - a2) * (1 - a2) / cells
		noise += a2 * a2 * (1 - a2) / cells
	}
	for _, e := range examples {
		n, w := float64(e.Atoms()), 1/float64(len(examples))
		p.X += w * ((1-1e-4)*(1-1e-4)*3*(n-1) + squares(e.X)) / n
		p.H += w * (data*squares(e.H)/n + noise*F)
	}
	p.Angle = 1
	return p
}

func squares(x []float64) (s float64) {
	for _, v := range x {
		s += v * v
	}
	return s
}

func TestTrainerRefusesRaggedData(t *testing.T) {
	examples := someMolecules[float32](5)
	examples[3].H = examples[3].H[:2]
	net := smallField[float32](t)
	_, err := flow.NewTrainer(settings(1), net, nn.NewAdamW(net.Params()), examples)
	if err == nil || !strings.Contains(err.Error(), "molecule 4") {
		t.Errorf("error %v", err)
	}
}

// A loss that is not finite is an error and changes nothing.
func TestNotFiniteStepChangesNothing(t *testing.T) {
	tr := newTrainer(t, 2)
	steps(t, tr, 2)
	p := tr.Net.Params()
	b, _ := p.Lookup("out.bias")
	p.Slice(b)[0] = float32(math.Inf(1))
	before, average := slices.Clone(p.Data), slices.Clone(tr.Average.Data)
	if _, err := tr.Step(); err == nil || !strings.Contains(err.Error(), "step 3") {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(p.Data, before) || !slices.Equal(tr.Average.Data, average) || tr.Steps != 2 {
		t.Error("a failed step changed the state")
	}
}
