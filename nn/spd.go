package nn

import (
	"math"

	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// spd is the equations S·Y = Y₀ for a symmetric S (m, m) all of whose eigenvalues are
// at least some floor, of which what lies on and above the diagonal is read, and Y (m, n),
// which holds Y₀ at first. S = UᵀU (Cholesky) takes U's place, with the inverses of its diagonal.
//
// An inverse of S would be as much arithmetic as U and the answer. But in
// float32 the inverse of its leading part, multiplied out, leaves more error in the
// rest of S than the floors here are (1e-5 of the largest eigenvalue); U, eliminated
// row by row within a few, does not.
type spd[T autograd.Float] struct {
	m, n  int
	s, y  []T
	floor T
}

const (
	spdFew  = 16 // rows that are eliminated one by one
	spdBand = 48 // rows of a symmetric part that are computed at once, from the diagonal on
)

// solve writes S⁻¹·Y₀ to Y.
func (q *spd[T]) solve() {
	q.eliminate(0, q.m)
	q.substitute(0, q.m)
}

// eliminate makes rows [from, to) those of U and of U⁻ᵀ·Y₀: first half of them, then what that
// leaves of the others, then those.
func (q *spd[T]) eliminate(from, to int) {
	if to-from <= spdFew {
		q.eliminateFew(from, to)
		return
	}
	m, n, mid := q.m, q.n, middle(from, to)
	q.eliminate(from, mid)
	for i := mid; i < to; i += spdBand {
		u := q.s[from*m+i:]
		autograd.Gemm(blas.Trans, blas.NoTrans, min(spdBand, to-i), m-i, mid-from, -1, u, m, u, m, 1, q.s[i*m+i:], m)
	}
	autograd.Gemm(blas.Trans, blas.NoTrans, to-mid, n, mid-from, -1, q.s[from*m+mid:], m, q.y[from*n:], n, 1, q.y[mid*n:], n)
	q.eliminate(mid, to)
}

// middle is where rows [from, to) are halved.
func middle(from, to int) int {
	return from + ((to-from)/2+spdFew-1)/spdFew*spdFew
}

func (q *spd[T]) eliminateFew(from, to int) {
	m := q.m
	for p := from; p < to; p++ {
		u, y := q.s[p*m:(p+1)*m], q.row(p)
		// what is left of S has no eigenvalue below the floor, but for rounding
		inverse := T(1 / math.Sqrt(float64(max(u[p], q.floor))))
		u[p] = inverse
		kernel.Scale(u[p+1:], inverse, u[p+1:])
		kernel.Scale(y, inverse, y)
		for i := p + 1; i < to; i++ {
			kernel.AddScaled(q.s[i*m+i:(i+1)*m], -u[i], u[i:])
			kernel.AddScaled(q.row(i), -u[i], y)
		}
	}
}

// substitute makes rows [from, to) of U⁻ᵀ·Y₀ those of the answer, when those below are.
func (q *spd[T]) substitute(from, to int) {
	m, n := q.m, q.n
	if to-from > spdFew {
		mid := middle(from, to)
		q.substitute(mid, to)
		autograd.Gemm(blas.NoTrans, blas.NoTrans, mid-from, n, to-mid, -1, q.s[from*m+mid:], m, q.y[mid*n:], n, 1, q.y[from*n:], n)
		q.substitute(from, mid)
		return
	}
	for p := to - 1; p >= from; p-- {
		for i := p + 1; i < to; i++ {
			kernel.AddScaled(q.row(p), -q.s[p*m+i], q.row(i))
		}
		kernel.Scale(q.row(p), q.s[p*m+p], q.row(p))
	}
}

// row returns one of Y.
func (q *spd[T]) row(p int) []T { return q.y[p*q.n : (p+1)*q.n] }
