package nn

import (
	"math"

	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// A matrix is made orthogonal in rounds: it is divided by ‖X‖_F, a bound of its
// largest singular value, and then each round X ← a·X + b·(XXᵀ)·X + c·(XXᵀ)²·X maps
// every singular value σ to a·σ + b·σ³ + c·σ⁵, towards 1, and leaves the singular
// vectors as they are.
//
// Five rounds of Jordan's coefficients (2024, kellerjordan.github.io/posts/muon),
// tuned for a steep slope at 0, bring singular values from 0.0016·‖X‖_F on into
// [0.68, 1.21], and smaller ones to 450 to 485 times what they were after the
// division. Another way is in poles.go.
const (
	rounds = 5
	roundA = 3.4445
	roundB = -4.7750
	roundC = 2.0315
)

// newtonSchulz is the scratch of one worker, for matrices (m, n) up to some size.
type newtonSchulz[T autograd.Float] struct {
	x, y []T // (m, n) or, where m > n, (n, m): the matrix and the next one
	a, b []T // (k, k) with k = min(m, n): XXᵀ, and the round's polynomial of it

	poles *poles[T] // how it is done instead of in rounds, if at all
}

// orthogonal returns the matrix in s.x, (rows, cols), with its singular values
// brought near 1: in s.x or s.y. A matrix of zeros, or whose norm has no inverse
// in T, comes back as zeros.
func (s *newtonSchulz[T]) orthogonal(rows, cols int) []T {
	m, n := min(rows, cols), max(rows, cols)
	x, y := s.x[:m*n], s.y[:m*n]
	if rows > cols {
		transpose(y, x, rows, cols)
		x, y = y, x
	}
	norm := math.Sqrt(kernel.SumSquares(x))
	if norm == 0 || math.IsInf(float64(T(1/norm)), 0) {
		clear(x)
		return x
	}
	kernel.Scale(x, T(1/norm), x)
	if s.poles != nil {
		s.poles.apply(x, m, n)
	} else {
		x, y = s.inRounds(x, y, m, n)
	}
	if rows > cols {
		transpose(y, x, cols, rows)
		x = y
	}
	return x
}

// inRounds brings x (m, n), m ≤ n, of norm 1, near orthogonality, in x or y, and returns it
// first.
func (s *newtonSchulz[T]) inRounds(x, y []T, m, n int) (_, _ []T) {
	a := s.a[:m*m]
	for range rounds {
		gram(a, x, m, n, 1, 0)
		b := s.polynomial(a, m)
		autograd.Gemm(blas.NoTrans, blas.NoTrans, m, n, m, 1, b, m, x, n, 0, y, n) // X ← B·X
		x, y = y, x
	}
	return x, y
}

// polynomial returns B = a·I + b·A + c·A² (m, m) in s.b.
func (s *newtonSchulz[T]) polynomial(a []T, m int) []T {
	b := s.b[:m*m]
	copy(b, a)
	gram(b, a, m, m, roundC, roundB) // A² is AAᵀ
	for i := range m {
		b[i*m+i] += roundA
	}
	return b
}

// gramBand is how many rows of XXᵀ one product computes: few, so that little is
// computed below the diagonal, and enough to be worth packing what they are
// multiplied with.
const gramBand = 64

// gram writes C = alpha·XXᵀ + beta·C for X (m, k) and a symmetric C (m, m): the
// product on and above the diagonal, the rest mirrored.
func gram[T autograd.Float](c, x []T, m, k int, alpha, beta T) {
	for i := 0; i < m; i += gramBand {
		rows := min(gramBand, m-i)
		autograd.Gemm(blas.NoTrans, blas.Trans, rows, m-i, k, alpha, x[i*k:], k, x[i*k:], k, beta, c[i*m+i:], m)
		for j := i + rows; j < m; j++ {
			left, above := c[j*m+i:j*m+i+rows], c[i*m+j:]
			for r := range left {
				left[r] = above[r*m]
			}
		}
	}
}

// transpose writes dst (cols, rows) = srcᵀ, src (rows, cols), in strips of rows
// that a cache line of dst holds.
func transpose[T autograd.Float](dst, src []T, rows, cols int) {
	const strip = 16
	for i := 0; i < rows; i += strip {
		end := min(i+strip, rows)
		for j := range cols {
			for r := i; r < end; r++ {
				dst[j*rows+r] = src[r*cols+j]
			}
		}
	}
}
