//go:build cublas && linux

package resident

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
	"equifm/egnn"
	"equifm/flow"
)

// open returns a card, or the processor in its place, with this package's kernels.
func open(t testing.TB) *cuda.Device {
	t.Helper()
	shim.Use(t, "kernels.cu")
	d, err := Open(cuda.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// field returns a network with parameters that show in everything, in two precisions.
func field(t testing.TB, c egnn.Config) (*egnn.Field[float32], *egnn.Field[float64]) {
	t.Helper()
	single, err := egnn.New[float32](c)
	if err != nil {
		t.Fatal(err)
	}
	double, _ := egnn.New[float64](c)
	rng := rand.New(rand.NewPCG(3, 4))
	double.Init(rng)
	for i, p := range double.Params().Data {
		single.Params().Data[i] = float32(p + 0.2*rng.NormFloat64())
		double.Params().Data[i] = float64(single.Params().Data[i])
	}
	return single, double
}

// result is what a pass gives, forward and backward.
type result struct{ qx, qh, grad []float64 }

// evaluate runs a network on molecules of some sizes forward and, for random cotangents,
// backward.
func evaluate[T autograd.Float](t testing.TB, net flow.Network[T], c egnn.Config, sizes []int) (r result) {
	t.Helper()
	rng, n := rand.New(rand.NewPCG(5, 6)), 0
	for _, s := range sizes {
		n += s
	}
	random := func(cols int) *autograd.Tensor[T] {
		x := make([]T, n*cols)
		for i := range x {
			x[i] = T(float32(rng.NormFloat64()))
		}
		return autograd.Const(n, cols, x)
	}
	x, h, cond, dx, dh := random(3), random(c.Features), random(1+c.Context), random(3), random(c.Features)
	grad, tape := make([]T, len(net.Params().Data)), autograd.NewTape[T]()
	qx, qh, err := net.Forward(tape, net.Params().Bind(grad), sizes, x, h, cond)
	if err != nil {
		t.Fatal(err)
	}
	loss := autograd.Add(tape, autograd.Sum(tape, autograd.Mul(tape, qx, dx)), autograd.Sum(tape, autograd.Mul(tape, qh, dh)))
	tape.Backward(loss)
	return result{floats(qx.Data), floats(qh.Data), floats(grad)}
}

func floats[T autograd.Float](x []T) (y []float64) {
	for _, v := range x {
		y = append(y, float64(v))
	}
	return y
}

// near fails the test unless got is want within 1e-3 of its largest number.
func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	most := 0.0
	for _, v := range want {
		most = max(most, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-3*most) {
			t.Errorf("%s: number %d of %d is %v, not %v", what, i, len(want), got[i], want[i])
			return
		}
	}
}

// Forward and backward are the processor's in double precision, whatever the pieces and
// whether z is kept or computed again; and both ways to the same bits.
func TestShimGradient(t *testing.T) {
	d, sizes := open(t), []int{4, 1, 6, 2, 1, 1, 5, 3}
	for k, c := range shapes {
		single, double := field(t, c)
		want := evaluate(t, double, c, sizes)
		var first result
		for i, how := range []struct{ rows, budget int }{{1 << 16, 1 << 30}, {1 << 16, 0}, {20, 1 << 30}, {1, 0}} {
			t.Run(fmt.Sprint(k, how), func(t *testing.T) {
				f, err := New(d, single, how.budget)
				if err != nil {
					t.Fatal(err)
				}
				f.rows = how.rows
				evaluate(t, f, c, []int{7, 7}) // what another batch leaves behind does not matter
				got := evaluate(t, f, c, sizes)
				near(t, "q̂_x", got.qx, want.qx)
				near(t, "q̂_h", got.qh, want.qh)
				for _, b := range single.Params().Blocks {
					near(t, b.Name, got.grad[b.Offset:b.Offset+b.Len()], want.grad[b.Offset:b.Offset+b.Len()])
				}
				if i == 0 {
					first = got
				}
				if i == 1 && fmt.Sprint(got) != fmt.Sprint(first) {
					t.Error("z computed again gives other bits")
				}
			})
		}
	}
}

// The parameters of a frozen view go to the card once, those of any other each time.
func TestShimViews(t *testing.T) {
	d := open(t)
	c := shapes[0]
	single, _ := field(t, c)
	f, err := New(d, single, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := single.Params()
	at := func(data []float32) float32 {
		tape := autograd.NewTape[float32]()
		one := func(cols int) *autograd.Tensor[float32] { return autograd.Const(2, cols, make([]float32, 2*cols)) }
		_, qh, err := f.Forward(tape, p.Freeze(data), []int{2}, one(3), one(c.Features), one(1))
		if err != nil || tape.Len() > 0 {
			t.Fatalf("%d operations recorded, error %v", tape.Len(), err)
		}
		return qh.Data[0]
	}
	zeros := make([]float32, len(p.Data))
	if a, b, c := at(p.Data), at(zeros), at(p.Data); a != c || b != 0 || a == 0 {
		t.Errorf("a network, zeros in its place, and the network: %v, %v, %v", a, b, c)
	}
	if _, err := New(d, &egnn.Field[float32]{Config: egnn.Config{Kind: egnn.Twin}}, 0); err == nil {
		t.Error("the twin is taken")
	}
}
