package egnn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/nn"
	"equifm/nn/parallel"
)

// variants are the options of the network, one at a time.
func variants() []Config {
	base := Config{Features: 4, Hidden: 7, Layers: 2, Attention: true, Tanh: true, CoordsRange: 15, NormConstant: 1, NormFactor: 1}
	plain, context, narrow, wide := base, base, base, base
	plain.Attention, plain.Tanh, plain.NormConstant, plain.NormFactor = false, false, 0, 10
	context.Context = 2
	narrow.Edge, narrow.NormFactor, wide.Edge = 3, 2.5, 9
	return []Config{base, plain, context, narrow, wide}
}

// twins are the variants' twins.
func twins() []Config {
	all := variants()
	for i := range all {
		all[i].Kind = Twin
	}
	return all
}

// networks are the options of either kind, one at a time.
func networks() []Config { return append(variants(), twins()...) }

// leftOut tells whether -short, as where an emulator runs the tests, does without a variant
// or a network: one of three stays, the first, the narrow one, and of the twins the plain and the wide one.
func leftOut(i int) bool { return testing.Short() && i%3 > 0 }

// strong returns a field whose coordinate heads are large enough to move atoms.
func strong[T autograd.Float](c Config, seed uint64) *Field[T] {
	f, err := New[T](c)
	if err != nil {
		panic(err)
	}
	rng, size := rand.New(rand.NewPCG(seed, 1)), 0.3
	if c.Kind == Twin {
		size = 0.03 // its head reads sums over all neighbours
	}
	f.Init(rng)
	for _, l := range f.layers {
		for i := range f.params.Slice(l.coordOut.W) {
			f.params.Slice(l.coordOut.W)[i] = T(size * rng.NormFloat64())
		}
	}
	return f
}

// input is a random batch.
type input[T autograd.Float] struct {
	sizes      []int
	x, h, cond *autograd.Tensor[T]
}

func randomInput[T autograd.Float](c Config, sizes []int, seed uint64) input[T] {
	rng := rand.New(rand.NewPCG(seed, 2))
	n := 0
	for _, s := range sizes {
		n += s
	}
	numbers := func(cols int, scale float64) *autograd.Tensor[T] {
		x := make([]T, n*cols)
		for i := range x {
			x[i] = T(scale * rng.NormFloat64())
		}
		return autograd.Var(n, cols, x)
	}
	return input[T]{sizes, numbers(3, 1.5), numbers(c.Features, 1), numbers(1+c.Context, 1)}
}

// gradients returns output and all gradients, with respect to the parameters and
// the inputs, of a fixed random contraction of the output.
func gradients[T autograd.Float](t testing.TB, f *Field[T], in input[T]) [][]T {
	return gradientsOn(t, autograd.NewTape[T](), f, in)
}

func gradientsOn[T autograd.Float](t testing.TB, tape *autograd.Tape[T], f *Field[T], in input[T]) [][]T {
	grad := make([]T, len(f.params.Data))
	for _, x := range []*autograd.Tensor[T]{in.x, in.h, in.cond} {
		clear(x.Grad)
	}
	qx, qh, err := f.Forward(tape, f.params.Bind(grad), in.sizes, in.x, in.h, in.cond)
	if err != nil {
		t.Fatal(err)
	}
	y, rng := autograd.Concat(tape, qx, qh), rand.New(rand.NewPCG(5, 5))
	cotangent := make([]T, len(y.Data))
	for i := range cotangent {
		cotangent[i] = T(rng.NormFloat64())
	}
	tape.BackwardFrom(y, cotangent)
	return [][]T{slices.Clone(y.Data), grad, slices.Clone(in.x.Grad), slices.Clone(in.h.Grad), slices.Clone(in.cond.Grad)}
}

// worst returns the largest difference relative to the largest number of each slice.
func worst[T autograd.Float](a, b [][]T) (e float64) {
	for k := range a {
		scale, diff := 0.0, 0.0
		for i := range a[k] {
			scale = max(scale, math.Abs(float64(b[k][i])))
			diff = max(diff, math.Abs(float64(a[k][i]-b[k][i])))
		}
		e = max(e, diff/max(scale, 1e-300))
	}
	return e
}

// mixed are sizes around every edge of the pair lists: none, one, few, and more
// pairs than a block holds, within a receiver and across.
var mixed = []int{1, 2, 5, 17, 3, 1, 29}

// The fused operations compute the reference's numbers and gradients, with edges so
// wide that the second product is kept, too.
func TestFusedEqualsReference(t *testing.T) {
	wide := variants()[0]
	wide.Edge = narrow + 3
	large := []int{blockRows + 40} // one receiver's senders fill more than a block
	for i, c := range append(networks(), wide) {
		all := [][]int{{1}, {2}, {3, 2}, mixed, large}[:5-min(i%3, 1)-int(c.Kind)]
		if testing.Short() && i > 0 {
			all = all[:min(len(all), 4)]
		}
		for _, sizes := range all {
			f, in := strong[float64](c, 3), randomInput[float64](c, sizes, 4)
			fused := gradients(t, f, in)
			f.Reference = true
			if e := worst(fused, gradients(t, f, in)); !(e <= 1e-12) {
				t.Errorf("variant %d, sizes %v: differs by %.1e", i, sizes, e)
			}
		}
	}
}

func TestFusedEqualsReferenceFloat32(t *testing.T) {
	for i, c := range networks() {
		if leftOut(i) {
			continue
		}
		c.Hidden = 64
		f, in := strong[float32](c, 3), randomInput[float32](c, mixed, 4)
		fused := gradients(t, f, in)
		f.Reference = true
		if e := worst(fused, gradients(t, f, in)); !(e <= 1e-4) {
			t.Errorf("variant %d: differs by %.1e", i, e)
		}
	}
}

// What is kept for backward changes not one bit.
func TestKeptEqualsComputedAgain(t *testing.T) {
	for i, c := range networks() {
		if leftOut(i) {
			continue
		}
		c.Edge = narrow + 3
		f, in := strong[float32](c, 3), randomInput[float32](c, mixed, 4)
		kept := gradients(t, f, in)
		f.budget = 0
		for k, again := range gradients(t, f, in) {
			if !slices.Equal(kept[k], again) {
				t.Errorf("variant %d: numbers %d differ", i, k)
			}
		}
	}
}

// Finite differences agree with both ways, through positions, features, time
// and parameters.
func TestGradients(t *testing.T) {
	for i, c := range networks() {
		if leftOut(i) {
			continue
		}
		c.Hidden = 5
		for _, reference := range []bool{true, false} {
			t.Run(fmt.Sprintf("variant=%d/reference=%v", i, reference), func(t *testing.T) {
				f, in := strong[float64](c, 3), randomInput[float64](c, []int{3, 1, 2}, 4)
				f.Reference = reference
				p := autograd.Var(1, len(f.params.Data), f.params.Data)
				gradcheck.Check(t, func(tape *gradcheck.Tape, x []*gradcheck.Tensor) *gradcheck.Tensor {
					qx, qh, err := f.Forward(tape, f.params.Bind(p.Grad), in.sizes, x[0], x[1], x[2])
					if err != nil {
						t.Fatal(err)
					}
					return autograd.Concat(tape, qx, qh)
				}, in.x, in.h, in.cond, p)
			})
		}
	}
}

// A step on a warm tape allocates nothing, whatever the batch.
func TestStepAllocatesNothing(t *testing.T) {
	for _, c := range []Config{variants()[0], twins()[0]} {
		f, in := strong[float32](c, 3), randomInput[float32](c, mixed, 4)
		tape, v := autograd.NewTape[float32](), f.params.Bind(make([]float32, len(f.params.Data)))
		if n := testing.AllocsPerRun(5, func() {
			tape.Reset()
			qx, qh, _ := f.Forward(tape, v, in.sizes, in.x, in.h, in.cond)
			tape.Backward(autograd.Sum(tape, autograd.Concat(tape, qx, qh)))
		}); n != 0 {
			t.Errorf("%v: %v allocations a step", c.Kind, n)
		}
	}
}

// Evaluated with constant parameters and inputs, nothing is recorded.
func TestInferenceKeepsNoTape(t *testing.T) {
	for _, c := range []Config{variants()[0], twins()[0]} {
		f, in := strong[float32](c, 3), randomInput[float32](c, mixed, 4)
		in.x.Grad, in.h.Grad, in.cond.Grad = nil, nil, nil
		tape := autograd.NewTape[float32]()
		if _, _, err := f.Forward(tape, f.params.Bind(nil), in.sizes, in.x, in.h, in.cond); err != nil || tape.Len() != 0 {
			t.Errorf("%v: %d operations recorded, error %v", c.Kind, tape.Len(), err)
		}
	}
}

// Pairs in groups give the reference's numbers and gradients, and any number of hands
// the same bits.
func TestGroupsAndHands(t *testing.T) {
	all := [][]int{{1}, {18}, mixed, {blockRows + 10, 3}} // of the last one's atoms, each has pairs in two blocks
	if testing.Short() {
		all = all[:3]
	}
	for _, sizes := range all {
		for _, groups := range []int{0, 3, 64}[:3-min(sizes[0]/100, 2)] {
			c := variants()[0]
			c.Hidden, c.Edge, c.Groups = 40, 36, groups
			var first [][]float32
			for _, hands := range []int{1, 3} {
				f, in := strong[float32](c, 3), randomInput[float32](c, sizes, 4)
				got := shared(t, hands, func(tape *autograd.Tape[float32]) [][]float32 { return gradientsOn(t, tape, f, in) })
				if first == nil {
					first = got
				}
				for k := range got {
					if !slices.Equal(got[k], first[k]) {
						t.Errorf("sizes %v, %d groups: %d hands give other bits than one", sizes, groups, hands)
						break
					}
				}
			}
			f, in := strong[float64](c, 3), randomInput[float64](c, sizes, 4)
			fused := gradients(t, f, in)
			f.Reference = true
			if e := worst(fused, gradients(t, f, in)); !(e <= 1e-12) {
				t.Errorf("sizes %v, %d groups: differs by %.1e", sizes, groups, e)
			}
		}
	}
}

// A frozen view gives the same bits as one that is not, whoever helps, and so do finer
// blocks.
func TestFrozenEqualsBound(t *testing.T) {
	for i, c := range variants() {
		if leftOut(i) {
			continue
		}
		c.Hidden, c.Edge = 72, 40
		for _, sizes := range [][]int{{1}, {18}, mixed} {
			f, in := strong[float32](c, 3), randomInput[float32](c, sizes, 4)
			in.x.Grad, in.h.Grad, in.cond.Grad = nil, nil, nil
			learn, frozen := f.params.Bind(make([]float32, len(f.params.Data))), f.params.Freeze(f.params.Data)
			var want []float32
			for _, v := range []nn.View[float32]{learn, f.params.Bind(nil), frozen, frozen} {
				for _, hands := range []int{1, 3} {
					got := slices.Concat(shared(t, hands, func(tape *autograd.Tape[float32]) [][]float32 {
						qx, qh, err := f.Forward(tape, v, in.sizes, in.x, in.h, in.cond)
						if err != nil {
							t.Fatal(err)
						}
						return [][]float32{qx.Data, qh.Data}
					})...)
					if want == nil {
						want = got
					}
					if !slices.Equal(got, want) {
						t.Errorf("variant %d, sizes %v, %d hands: other bits without gradients", i, sizes, hands)
					}
				}
			}
		}
	}
}

// shared runs f on the tape of one of a team's hands, while the others help.
func shared[T autograd.Float](t testing.TB, hands int, f func(*autograd.Tape[T]) [][]T) (out [][]T) {
	team, tapes := parallel.NewTeam(hands), make([]*autograd.Tape[T], hands)
	for i := range tapes {
		tapes[i] = autograd.NewTape[T]()
	}
	autograd.Join(team, tapes)
	if err := team.Each(1, func(hand, _ int) error { out = f(tapes[hand]); return nil }, nil); err != nil {
		t.Fatal(err)
	}
	return out
}
