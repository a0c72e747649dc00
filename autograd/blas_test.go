package autograd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// counted is gonum's BLAS, which counts what is asked of it.
type counted struct {
	gonum.Implementation
	calls *int
}

func (c counted) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, out []float32, ldc int) {
	*c.calls++
	c.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, out, ldc)
}

// What a program gets that asks for nothing is kernel.BLAS, to the bit, and agrees
// with gonum's, the oracle: forward, and both products of Backward.
func TestDefaultProductAgainstGonum(t *testing.T) {
	const rows, in, out = 37, 29, 41
	rng := rand.New(rand.NewPCG(3, 3))
	numbers := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
		return x
	}
	x := autograd.Var(rows, in, numbers(rows*in))
	w := autograd.Var(out, in, numbers(out*in))
	cotangent := numbers(rows * out)
	run := func() (r []float32) { // y, dx and dw
		clear(x.Grad)
		clear(w.Grad)
		tape := autograd.NewTape[float32]()
		y := autograd.Linear(tape, x, w, nil)
		tape.BackwardFrom(y, cotangent)
		return append(append(append(r, y.Data...), x.Grad...), w.Grad...)
	}
	byDefault := run()

	defer autograd.Use32(kernel.BLAS{})
	autograd.Use32(kernel.BLAS{})
	for i, want := range run() {
		if byDefault[i] != want {
			t.Fatalf("element %d: %v by default, %v of kernel.BLAS", i, byDefault[i], want)
		}
	}
	calls := 0
	autograd.Use32(counted{calls: &calls})
	for i, want := range run() {
		if math.Abs(float64(byDefault[i]-want)) > 1e-5*(1+math.Abs(float64(want))) {
			t.Fatalf("element %d: %v by default, %v of gonum", i, byDefault[i], want)
		}
	}
	if calls != 3 {
		t.Errorf("%d of 3 products went through the seam", calls)
	}
}
