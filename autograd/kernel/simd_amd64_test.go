//go:build !noasm

package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// available lists the instruction sets of this machine, and nil for portable Go.
func available() []*kernels {
	switch detect() {
	case &avx512:
		return []*kernels{nil, &avx2, &avx512}
	case &avx2:
		return []*kernels{nil, &avx2}
	}
	return []*kernels{nil}
}

// The two instruction sets give the same bits, but for sums over a row, which go
// over as many partial sums as there are lanes.
func TestInstructionSetsSameBits(t *testing.T) {
	if detect() != &avx512 {
		t.Skip("one instruction set")
	}
	defer func() { simd = detect() }()
	rnd := rand.New(rand.NewPCG(11, 12))
	both := func(f func() []float32) (a, b []float32) {
		simd = &avx2
		a = f()
		simd = &avx512
		return a, f()
	}
	a, b := randoms(rnd, 50*700), randoms(rnd, 700*40)
	if got, want := both(func() []float32 {
		c := make([]float32, 50*40)
		BLAS{}.Sgemm(blas.NoTrans, blas.Trans, 50, 40, 700, 1.5, a, 700, b, 700, 0, c, 40)
		return c
	}); !slices.Equal(got, want) {
		t.Error("Sgemm differs")
	}
	for _, c := range calls {
		if slices.Contains([]string{"Dot", "RowDot", "SumSquares"}, c.name) {
			continue
		}
		args, whole := arena(c.sizes(5, 67), func() float32 { return float32(4 * rnd.NormFloat64()) })
		if c.setUp != nil {
			c.setUp(args)
		}
		before := slices.Clone(whole)
		if got, want := both(func() []float32 {
			copy(whole, before)
			c.fast(args, 5, 67)
			return slices.Clone(whole)
		}); !slices.Equal(got, want) {
			t.Errorf("%s differs", c.name)
		}
	}
}
