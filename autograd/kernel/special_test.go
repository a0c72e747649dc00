package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// specials are the values where arithmetic changes its rules. A product of two may
// leave float32 at either end.
var specials = []float32{0, float32(math.Copysign(0, -1)), 1e-45, -1e-45, 1e-39, -1e-39, 1.1754944e-38, 1, -1, 0.5, 1e-8,
	20, -20, 87.5, -87.5, 88.8, -88.8, -103.9, -104.5, 1e9, -1e9, 1e38, -1e38, math.MaxFloat32, -math.MaxFloat32,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}

// exact are the special values and a few of which every product and sum in a kernel
// is a float32, so that fusing and order change nothing.
var exact = []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -0.5, 2, -4,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}

// measured are the kernels that TestUlp holds to float64 over all of float32, and
// SumSquares, which is in float64 itself.
var measured = []string{"Exp", "Sigmoid", "Tanh", "SiLU", "SiLUBoth", "SumSquares"}

// fillFrom returns numbers from a few of those given, a few so that sums are not
// NaN all the time.
func fillFrom(rnd *rand.Rand, values []float32) func() float32 {
	few := make([]float32, 4)
	for i := range few {
		few[i] = values[rnd.IntN(len(values))]
	}
	return func() float32 { return few[rnd.IntN(len(few))] }
}

// eachSpecial runs f on the arguments of every call, from the values given: got
// for the kernel, want, a copy, for what it is compared with.
func eachSpecial(values []float32, f func(c call, r, n int, got, want [][]float32, gotAll, wantAll []float32)) {
	rnd := rand.New(rand.NewPCG(21, 22))
	for _, c := range calls {
		for _, n := range []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 67, 130} {
			for range 40 {
				r := 1 + rnd.IntN(7)
				fill := fillFrom(rnd, values)
				got, gotAll := arena(c.sizes(r, n), fill)
				want, wantAll := arena(c.sizes(r, n), fill)
				if c.setUp != nil {
					c.setUp(got)
				}
				copy(wantAll, gotAll)
				f(c, r, n, got, want, gotAll, wantAll)
			}
		}
	}
}

// Over- and underflow, infinities, NaN and the sign of zero come out as the model
// has them, to the bit.
func TestSpecialValuesToTheBit(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		eachSpecial(specials, func(c call, r, n int, got, want [][]float32, gotAll, wantAll []float32) {
			model := c.plain
			if f := composed[c.name]; f != nil {
				model = f
			} else if f := fused[c.name]; f != nil && simd != nil {
				model = f
			} else if slices.Contains(measured, c.name) {
				return
			} else if simd != nil && c.tol != 0 {
				t.Fatalf("%s has no model", c.name)
			}
			in := slices.Clone(gotAll)
			c.fast(got, r, n)
			model(want, r, n)
			for i := range gotAll {
				if !sameBits(gotAll[i], wantAll[i]) {
					a, j := place(gotAll, got, i)
					t.Fatalf("%s rows %d n %d: argument %d[%d], %v before: got %v, want %v", c.name, r, n, a, j, in[i], gotAll[i], wantAll[i])
				}
			}
		})
	})
}

// Where nothing is rounded a kernel and its twin have the same class: NaN, an
// infinity with its sign, zero with its sign, or a number, and the same one.
func TestSpecialValuesOfTwins(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		eachSpecial(exact, func(c call, r, n int, got, want [][]float32, gotAll, wantAll []float32) {
			in := slices.Clone(gotAll)
			c.fast(got, r, n)
			c.plain(want, r, n)
			scale := c.tol * (1 + largest(wantAll))
			for i := range gotAll {
				if class(gotAll[i]) != class(wantAll[i]) || !alike(gotAll[i], wantAll[i], scale) {
					a, j := place(gotAll, got, i)
					t.Fatalf("%s rows %d n %d: argument %d[%d], %v before: got %v, want %v", c.name, r, n, a, j, in[i], gotAll[i], wantAll[i])
				}
			}
		})
	})
}

// What doc.go says of dst + x·y, which assembly rounds once and the twin twice, and
// of the slope of SiLU.
func TestDifferencesFromTwins(t *testing.T) {
	inf, nan, negativeZero := float32(math.Inf(1)), float32(math.NaN()), float32(math.Copysign(0, -1))
	eachISA(t, func(t *testing.T) {
		if simd == nil {
			t.Skip("the twin itself, or what a compiler fuses of it")
		}
		for _, c := range []struct{ dst, x, y, once, twice float32 }{
			{-3e38, 2e19, 2e19, 1e38, inf},
			{-inf, 1e30, 1e30, -inf, nan},
			{0, 1e-30, -1e-30, negativeZero, 0},
			{math.MaxFloat32, 1e30, 1e30, inf, inf}, // as the sum does
		} {
			dst := []float32{c.dst}
			MulAdd(dst, []float32{c.x}, []float32{c.y})
			if twice := c.dst + float32(c.x*c.y); !near(dst[0], c.once) || !near(twice, c.twice) {
				t.Errorf("%v + %v·%v is %v rounded once and %v twice, not %v and %v", c.dst, c.x, c.y, dst[0], twice, c.once, c.twice)
			}
		}
		for _, x := range []float32{-60.5, -1e9} {
			y, slope := []float32{0}, []float32{0}
			if SiLUBoth(y, slope, []float32{x}); class(slope[0]) != "+0" {
				t.Errorf("SiLU'(%v) is %v, not +0", x, slope[0])
			}
		}
	})
}

// near tells whether got is want to three digits, and of its class.
func near(got, want float32) bool {
	return class(got) == class(want) && (class(want) != "finite" || math.Abs(float64(got/want-1)) < 1e-3)
}

func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// class is NaN, an infinity, a zero, each of the last two with its sign, or 1.
func class(x float32) string {
	switch {
	case x != x:
		return "NaN"
	case math.IsInf(float64(x), 0) && x > 0:
		return "+Inf"
	case math.IsInf(float64(x), 0):
		return "-Inf"
	case x == 0 && math.Signbit(float64(x)):
		return "-0"
	case x == 0:
		return "+0"
	}
	return "finite"
}

// The matrix product, too: each element is one sum in the order of k, fused where
// there is assembly.
func TestSpecialValuesOfProducts(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		step := fma
		if simd == nil {
			step = func(a, b, c float32) float32 { return c + a*b }
		}
		rnd := rand.New(rand.NewPCG(23, 24))
		for range 2000 {
			m, n, k := 1+rnd.IntN(15), 1+rnd.IntN(40), 1+rnd.IntN(20)
			tA, tB := transposes[rnd.IntN(2)], transposes[rnd.IntN(2)]
			fill := fillFrom(rnd, specials)
			a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
			for _, x := range [][]float32{a, b, c} {
				for i := range x {
					x[i] = fill()
				}
			}
			alpha, beta := []float32{1, -0.5}[rnd.IntN(2)], []float32{0, 1, 2}[rnd.IntN(3)]
			lda, ars, acs := k, k, 1
			if tA == blas.Trans {
				lda, ars, acs = m, 1, m
			}
			ldb, brs, bcs := n, n, 1
			if tB == blas.Trans {
				ldb, brs, bcs = k, 1, k
			}
			got := slices.Clone(c)
			BLAS{}.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, got, n)
			for i := range m {
				for j := range n {
					var sum float32
					for p := range k {
						sum = step(a[i*ars+p*acs], b[p*brs+j*bcs], sum)
					}
					if sum = float32(sum * alpha); beta != 0 {
						sum = step(beta, c[i*n+j], sum)
					}
					if !sameBits(got[i*n+j], sum) {
						t.Fatalf("%s%s %d×%d×%d alpha %v beta %v: element (%d,%d): got %v, want %v",
							letter(tA), letter(tB), m, n, k, alpha, beta, i, j, got[i*n+j], sum)
					}
				}
			}
		}
	})
}
