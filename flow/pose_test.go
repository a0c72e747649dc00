package flow_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/nn"
)

// seeing is an engine that keeps a copy of what a batch shows.
type seeing struct {
	flow.Engine[float32]
	sizes   []int
	shards  []int
	times   []float64
	data    flow.State[float32]
	noise   flow.State[float32]
	at, aim flow.State[float32]
}

func (e *seeing) Gradient(b *flow.Batch[float32], idle func()) ([]float32, flow.Parts, error) {
	e.sizes, e.shards, e.times = slices.Clone(b.Sizes), slices.Clone(b.Shards), slices.Clone(b.Times)
	for to, from := range map[*flow.State[float32]]flow.State[float32]{&e.data: b.Data, &e.noise: b.Noise, &e.at: b.At, &e.aim: b.Target} {
		*to = flow.State[float32]{X: slices.Clone(from.X), H: slices.Clone(from.H)}
	}
	return e.Engine.Gradient(b, idle)
}

// seen is the batch of step number 3.
func seen(t *testing.T, change func(s *flow.Settings)) *seeing {
	t.Helper()
	return seenOf(t, someMolecules[float32](23), change)
}

func seenOf(t *testing.T, examples []flow.Example[float32], change func(s *flow.Settings)) *seeing {
	t.Helper()
	s := settings(2)
	change(&s)
	tr := trainerOf(t, s, examples)
	e := &seeing{Engine: tr.Engine}
	tr.Engine = e
	steps(t, tr, 3)
	return e
}

// Molecules are rotated, every one by another rotation and in another pose in every
// step, and nothing else that is drawn changes.
func TestRotate(t *testing.T) {
	with := func(rotate bool) *seeing {
		return seen(t, func(s *flow.Settings) { s.Rotate, s.Align = rotate, eot.Options{} })
	}
	plain, turned := with(false), with(true)
	if !slices.Equal(plain.sizes, turned.sizes) || !slices.Equal(plain.times, turned.times) || !slices.Equal(plain.data.H, turned.data.H) ||
		!slices.Equal(plain.noise.X, turned.noise.X) || !slices.Equal(plain.noise.H, turned.noise.H) {
		t.Error("rotating changes what else is drawn")
	}
	var rotations []eot.Matrix3
	first := 0
	for m, n := range plain.sizes {
		x, y := wide(plain.data.X[3*first:3*(first+n)]), wide(turned.data.X[3*first:3*(first+n)])
		first += n
		r, err := eot.Rotation(x, y)
		if err != nil {
			t.Fatal(err)
		}
		if cost := mismatch(&r, x, y); cost > 1e-10 {
			t.Errorf("molecule %d: %.1e Å² from any rotation of it", m, cost)
		}
		if n > 3 { // of fewer atoms several rotations may do
			for _, other := range rotations {
				if trace := angle(&r, &other); trace > 0.999 {
					t.Errorf("molecule %d is turned as another one", m)
				}
			}
			rotations = append(rotations, r)
		}
	}
	if len(rotations) < 3 {
		t.Fatalf("%d molecules to compare", len(rotations))
	}
}

// The noise is aligned to the pose that is shown: no rotation or assignment brings it
// nearer, while the molecule's own pose is farther.
func TestNoiseIsAlignedToThePose(t *testing.T) {
	e, first := seen(t, func(s *flow.Settings) { s.Rotate = true }), 0
	own := seen(t, func(*flow.Settings) {})
	var shown, elsewhere float64
	for _, n := range e.sizes {
		x, z := wide(e.data.X[3*first:3*(first+n)]), wide(e.noise.X[3*first:3*(first+n)])
		cost := mismatch(&unturned, z, x)
		again, _, err := eot.New(eot.Options{Mode: eot.Both}).Align(z, x, rand.New(rand.NewPCG(1, 1)))
		if err != nil || math.Abs(again-cost) > 1e-5*(1+cost) {
			t.Errorf("%d atoms: %.6f Å², aligned again %.6f, error %v", n, cost, again, err)
		}
		shown += cost
		elsewhere += mismatch(&unturned, z, wide(own.data.X[3*first:3*(first+n)]))
		first += n
	}
	if !(elsewhere > 1.2*shown) {
		t.Errorf("%.2f Å² to the pose shown, %.2f to the molecules' own", shown, elsewhere)
	}
}

// Poses are keyed by seed, step and place: of no shard, and the same for any number of workers,
// to the bit, in validation too, by a network that sees the pose.
func TestRotationsAreKeyed(t *testing.T) {
	want := seen(t, func(s *flow.Settings) { s.Rotate, s.Workers = true, 1 })
	held := someMolecules[float32](40)[23:]
	validate := func(workers int, rotate bool) flow.Validation {
		s := settings(workers)
		s.Rotate = rotate
		net := twin(t)
		tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), someMolecules[float32](23))
		if err != nil {
			t.Fatal(err)
		}
		v, err := tr.Validate(held)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, workers := range []int{2, 5} {
		if e := seen(t, func(s *flow.Settings) { s.Rotate, s.Workers = true, workers }); !slices.Equal(e.data.X, want.data.X) {
			t.Errorf("%d workers see other poses than one", workers)
		}
		if validate(workers, true) != validate(1, true) {
			t.Errorf("%d workers validate in other poses than one", workers)
		}
	}
	if validate(1, true).X == validate(1, false).X {
		t.Error("validation does not rotate")
	}
	if e := seen(t, func(s *flow.Settings) { s.Rotate, s.Seed = true, 6 }); slices.Equal(e.data.X, want.data.X) {
		t.Error("another seed shows the same poses")
	}
}

// twin is a network that sees how a molecule is turned.
func twin(t *testing.T) *egnn.Field[float32] {
	c := egnn.QM9()
	c.Kind, c.Features, c.Hidden, c.Layers = egnn.Twin, 3, 16, 2
	f, err := egnn.New[float32](c)
	if err != nil {
		t.Fatal(err)
	}
	f.Init(rand.New(rand.NewPCG(1, 1)))
	return f
}

var unturned = eot.Matrix3{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}

// mismatch is Σ|R·from_i - to_i|², Å².
func mismatch(r *eot.Matrix3, from, to []float64) (sum float64) {
	for i := 0; i < len(from); i += 3 {
		x, y, z := r.Apply(from[i], from[i+1], from[i+2])
		sum += (x-to[i])*(x-to[i]) + (y-to[i+1])*(y-to[i+1]) + (z-to[i+2])*(z-to[i+2])
	}
	return sum
}

// angle is the cosine of the angle between two rotations.
func angle(a, b *eot.Matrix3) float64 {
	trace := 0.0
	for i := range 3 {
		for j := range 3 {
			trace += a[i][j] * b[i][j]
		}
	}
	return (trace - 1) / 2
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
