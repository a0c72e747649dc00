package flow

import (
	"math"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow/schedule"
	"equifm/nn"
)

// recaller answers w·(state + 2·known), and remembers what it was shown.
type recaller struct {
	params nn.Params[float64]
	w      nn.Block
	shown  [][]float64 // h0 of every call, in order
	passes int         // without gradients
}

func newRecaller() *recaller {
	r := new(recaller)
	r.w = r.params.Add("w", 1, 1)
	r.params.Data[0] = 0.3
	return r
}

func (r *recaller) Params() *nn.Params[float64] { return &r.params }

func (r *recaller) Forward(*autograd.Tape[float64], nn.View[float64], []int, *autograd.Tensor[float64], *autograd.Tensor[float64], *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	panic("a self-conditioned network is asked without what it saw")
}

func (r *recaller) ForwardGiven(t *autograd.Tape[float64], v nn.View[float64], _ []int, x, h, _, x0, h0 *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	r.shown = append(r.shown, slices.Clone(h0.Data))
	w := v.Tensor(r.w)
	if w.Grad == nil {
		r.passes++
	}
	ones := func(n int) *autograd.Tensor[float64] { return t.Const(n, 1, slices.Repeat([]float64{1}, n)) }
	scale := autograd.MatMul(t, ones(x.Rows), w) // (N, 1)
	of := func(state, known *autograd.Tensor[float64]) *autograd.Tensor[float64] {
		return autograd.MulCol(t, autograd.Add(t, state, autograd.Scale(t, 2, known)), scale)
	}
	return of(x, x0), of(h, h0), nil
}

func recallTrainer(t *testing.T, net Network[float64], workers int) *Trainer[float64] {
	t.Helper()
	tr, err := NewTrainer(Settings{Path: Path{X: schedule.Linear{}, H: schedule.Linear{}}, Align: eot.Options{Mode: eot.None},
		Weights: Weights{Features: 1}, Batch: 8, Shard: 2, Seed: 4, Workers: workers}, net, nn.NewAdamW(net.Params()), clouds(40, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// About half of the shards are evaluated twice, and each of them is then shown what
// came out: its end points, q̂ having been w·state.
func TestTwice(t *testing.T) {
	net := newRecaller()
	tr := recallTrainer(t, net, 1)
	const steps = 60
	for range steps {
		if _, err := tr.Step(); err != nil {
			t.Fatal(err)
		}
	}
	if total := steps * len(tr.now.Shards); net.passes < total*2/5 || net.passes > total*3/5 {
		t.Errorf("%d of %d shards were evaluated twice", net.passes, total)
	}
	if len(net.shown) != net.passes+steps*len(tr.now.Shards) {
		t.Errorf("%d evaluations, %d of them without gradients", len(net.shown), net.passes)
	}
	b := tr.now.Batch
	if k := slices.Index(b.Twice, true); k < 0 {
		t.Fatal("no shard of the last step was evaluated twice")
	}
	tape, v := autograd.NewTape[float64](), net.params.Bind(make([]float64, 1))
	known, err := b.recall(tape, net, v)
	if err != nil {
		t.Fatal(err)
	}
	first, w := 0, net.params.Data[0]
	for m, n := range b.Sizes {
		at, seen, c := b.At.slice(first, n, 2), known.slice(first, n, 2), b.Path.H.At(b.Times[m])
		for k, h := range at.H {
			want := 0.0
			if b.Twice[m] {
				want = c.EndState*h + c.EndQ*w*h
			}
			if d := seen.H[k] - want; d > 1e-12 || d < -1e-12 {
				t.Fatalf("molecule %d, evaluated twice %v: shown %v, expected %v", m, b.Twice[m], seen.H[k], want)
			}
		}
		first += n
	}
}

// No gradient flows through what the network is shown: it is that of a loss in
// which the first answer does not move.
func TestRecallIsConstant(t *testing.T) {
	net := newRecaller()
	tr := recallTrainer(t, net, 1)
	if _, err := tr.Step(); err != nil {
		t.Fatal(err)
	}
	b := tr.now.Batch
	tape := autograd.NewTape[float64]()
	known, err := b.recall(tape, net, net.params.Bind(nil))
	if err != nil {
		t.Fatal(err)
	}
	known = State[float64]{X: slices.Clone(known.X), H: slices.Clone(known.H)}
	grad := make([]float64, 1)
	tape.Reset()
	p, err := b.Predict(tape, net, net.params.Bind(grad))
	if err != nil {
		t.Fatal(err)
	}
	loss, _ := b.Objective(tape, p)
	tape.Backward(loss)
	at := func(w float64) float64 {
		tape.Reset()
		fx, fh, err := evaluate(tape, net, net.params.BindData([]float64{w}, nil), b.Sizes, b.At, b.Cond, known)
		if err != nil {
			t.Fatal(err)
		}
		_, parts := b.Objective(tape, Predict(tape, b.Output, b.Path, b.Times, b.Sizes, b.At, fx, fh))
		return parts.Total
	}
	const step = 1e-5
	w := net.params.Data[0]
	if want := (at(w+step) - at(w-step)) / (2 * step); math.Abs(grad[0]-want) > 1e-7*math.Abs(want) {
		t.Errorf("gradient %v, by differences with what it is shown held %v", grad[0], want)
	}
}

// Sampling shows the network zeros first, then what it saw at the evaluation before.
func TestSamplerRecalls(t *testing.T) {
	net := newRecaller()
	s := Sampler[float64]{Net: net, Path: Path{X: schedule.Linear{}, H: schedule.Linear{}}, Solver: Euler, Steps: 4, Features: 2, Seed: 1, Workers: 1}
	for range 2 { // the second call starts from nothing again
		net.shown = nil
		out, stats, err := s.Sample([]int{3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(net.shown) != stats.NFE || slices.ContainsFunc(net.shown[0], func(v float64) bool { return v != 0 }) {
			t.Errorf("%d evaluations for NFE %d, the first shown %v", len(net.shown), stats.NFE, net.shown[0])
		}
		for k := 1; k < len(net.shown); k++ {
			if slices.Equal(net.shown[k], net.shown[k-1]) {
				t.Errorf("evaluation %d is shown what the one before was", k)
			}
		}
		if !slices.Equal(s.problems[0].Split(s.problems[0].known).H, out[0].H) {
			t.Error("the last end point is not what comes out")
		}
	}
}

// Workers change nothing of a self-conditioned training.
func TestRecallWorkers(t *testing.T) {
	var ends [2][2]float64
	for i, workers := range []int{1, 3} {
		net := &silentRecaller{*newRecaller()}
		tr := recallTrainer(t, net, workers)
		for range 10 {
			if _, err := tr.Step(); err != nil {
				t.Fatal(err)
			}
		}
		v, err := tr.Validate(clouds(5, 3, 1))
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = [2]float64{net.params.Data[0], v.Total}
	}
	if ends[0] != ends[1] {
		t.Errorf("weight and held-out loss %v with one worker, %v with three", ends[0], ends[1])
	}
}

// silentRecaller is a recaller that goroutines may share.
type silentRecaller struct{ recaller }

func (r *silentRecaller) ForwardGiven(t *autograd.Tape[float64], v nn.View[float64], sizes []int, x, h, cond, x0, h0 *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	alone := recaller{w: r.w}
	return alone.ForwardGiven(t, v, sizes, x, h, cond, x0, h0)
}
