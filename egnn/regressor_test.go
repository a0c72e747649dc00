package egnn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/nn"
)

// someRegressor returns a small one whose every parameter counts.
func someRegressor(t *testing.T) *Regressor[float64] {
	t.Helper()
	r, err := NewRegressor[float64](Shape{Features: 3, Hidden: 6, Edge: 4, Layers: 2})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	r.Init(rng)
	for i := range r.Params().Data {
		r.Params().Data[i] = 1.5*r.Params().Data[i] + 0.1*rng.NormFloat64()
	}
	return r
}

// predict returns the predictions of molecules.
func predict(r *Regressor[float64], sizes []int, x, h []float64) []float64 {
	n := len(x) / 3
	y := r.Forward(autograd.NewTape[float64](), r.Params().Bind(nil), sizes, autograd.Const(n, 3, x), autograd.Const(n, 3, h))
	return slices.Clone(y.Data)
}

// The prediction is that of the paper's layer, op by op.
func TestRegressorEqualsReference(t *testing.T) {
	r, sizes, rng := someRegressor(t), []int{3, 1, 4}, rand.New(rand.NewPCG(6, 6))
	x, in := gradcheck.Random(rng, 8, 3), gradcheck.Random(rng, 8, 3)
	got := predict(r, sizes, x.Data, in.Data)
	tape, v := autograd.NewTape[float64](), r.Params().Bind(nil)
	p, h := newPairs(tape, sizes), nn.Apply(tape, v, r.field.embed, autograd.Const(8, 3, in.Data))
	d := autograd.RowSum(tape, autograd.Square(tape, difference(tape, autograd.Const(8, 3, x.Data), p)))
	e := autograd.Concat(tape, d, d)
	for _, l := range r.field.layers {
		m := edgeReference(tape, v, l.edge, p, h, e)
		m = autograd.MulCol(tape, m, autograd.Sigmoid(tape, nn.Apply(tape, v, l.att, m)))
		h = nodeUpdate(tape, v, l.node, h, autograd.SegmentSum(tape, m, p.i, 8))
	}
	atoms, want := nn.ApplyMLP(tape, v, r.atoms, h), []float64(nil)
	first := 0
	for _, n := range sizes {
		sum := make([]float64, 6)
		for i := first; i < first+n; i++ {
			for k, a := range atoms.Row(i) {
				sum[k] += a
			}
		}
		first += n
		want = append(want, nn.ApplyMLP(tape, v, r.whole, autograd.Const(1, 6, sum)).Data...)
	}
	for m := range want {
		if math.Abs(got[m]-want[m]) > 1e-12*(1+math.Abs(want[m])) {
			t.Errorf("molecule %d: %v, op by op %v", m, got[m], want[m])
		}
	}
}

// It does not notice how a molecule is turned, mirrored, shifted or numbered, nor what
// lies beside it; it does notice where atoms are, and which.
func TestRegressorIsInvariant(t *testing.T) {
	r, rng := someRegressor(t), rand.New(rand.NewPCG(7, 7))
	x, h := gradcheck.Random(rng, 5, 3).Data, gradcheck.Random(rng, 5, 3).Data
	want := predict(r, []int{5}, x, h)[0]
	same := func(what string, got float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-10*math.Abs(want) {
			t.Errorf("%s: %v, was %v", what, got, want)
		}
	}
	for _, det := range []float64{1, -1} {
		q, turned := orthogonal(rng, det), []float64(nil)
		for i := range 5 {
			p := turn(q, x[3*i:3*i+3])
			turned = append(turned, p[0]+3, p[1]-2, p[2]+1)
		}
		same("moved", predict(r, []int{5}, turned, h)[0])
	}
	px, ph := make([]float64, 15), make([]float64, 15)
	for i, k := range []int{3, 0, 4, 1, 2} {
		copy(px[3*i:3*i+3], x[3*k:])
		copy(ph[3*i:3*i+3], h[3*k:])
	}
	same("numbered anew", predict(r, []int{5}, px, ph)[0])
	same("beside another", predict(r, []int{5, 5}, slices.Concat(x, px), slices.Concat(h, px))[0])
	for what, change := range map[string][]float64{"an atom moved": x, "another element": h} {
		was := change[4]
		change[4] += 0.3
		if got := predict(r, []int{5}, x, h)[0]; math.Abs(got-want) < 1e-4*math.Abs(want) {
			t.Errorf("%s: still %v", what, got)
		}
		change[4] = was
	}
}

func TestRegressorGradients(t *testing.T) {
	r, sizes, rng := someRegressor(t), []int{3, 1, 2}, rand.New(rand.NewPCG(8, 8))
	params := autograd.Var(1, len(r.Params().Data), r.Params().Data)
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		return r.Forward(tape, r.Params().Bind(in[2].Grad), sizes, in[0], in[1])
	}, autograd.Const(6, 3, gradcheck.Random(rng, 6, 3).Data), gradcheck.Random(rng, 6, 3), params)
}

func TestRegressorShapes(t *testing.T) {
	r, err := NewRegressor[float32](Shape{Features: 5, Hidden: 128, Layers: 7})
	if err != nil {
		t.Fatal(err)
	}
	// EDM's own has E_GCL's one d² where ours has two: 7·128 fewer weights.
	const edm = 5*128 + 128 + 7*(128*257+128+128*128+128+128+1+128*256+128+128*128+128) + 3*(128*128+128) + 128 + 1
	if n := len(r.Params().Data); n != edm+7*128 || r.Shape.Parameters() != n {
		t.Errorf("%d parameters, %d by the formula, expected %d", n, r.Shape.Parameters(), edm+7*128)
	}
	if r := someRegressor(t); r.Shape.Parameters() != len(r.Params().Data) {
		t.Errorf("%d parameters, %d by the formula", len(r.Params().Data), r.Shape.Parameters())
	}
	if _, err := NewRegressor[float32](Shape{Features: 5, Hidden: 0, Layers: 7}); err == nil {
		t.Error("no hidden channels are taken")
	}
}
