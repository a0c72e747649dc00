package nn

import (
	"math"

	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// spd is the equations (S + p)·Y = Y₀ for a symmetric S (m, m) all of whose eigenvalues are at
// least 0, p > 0, and Y₀ (m, n). S + p is UᵀU (Cholesky), made from above, 32 rows at a time:
//
//	U_i = U_ii⁻ᵀ·(S_i − Σ_{k<i} U_kiᵀ·U_k)     W_i = U_ii⁻ᵀ·(Y₀_i − Σ_{k<i} U_kiᵀ·W_k)
//	Y_i = U_ii⁻¹·(W_i − Σ_{k>i} U_ik·Y_k)
//
// An inverse of S + p would be as much arithmetic as U and the answer. But in
// float32 the inverse of its leading part, multiplied out, leaves more error in the
// rest of S than p is here (1e-5 of the largest eigenvalue); U, whose blocks of 32 alone are
// inverted, does not.
//
// All is in panels (see toPanels), m and n filled up to whole ones by a unit matrix and by zeros:
// a product's factor and result then lie as its tiles read and write them.
type spd[T autograd.Float] struct {
	rows int // m, to whole panels
	s, u []T // panels of S + p, of U: the blocks above the diagonal
	y, w []T // panels of Y₀ and the answer, of W = U⁻ᵀ·Y₀

	lines []T                // (rows, rows) U's rows, and in place of U_ii U_ii⁻ᵀ
	block [2 * side * side]T // (32, 64) what invert works in
	floor T                  // below no eigenvalue of S + p
}

// newSPD returns room for m equations of n columns.
func newSPD[T autograd.Float](m, n int) *spd[T] {
	room := func(rows, cols int) []T { return make([]T, whole(rows)*whole(cols)) }
	return &spd[T]{s: room(m, m), u: room(m, m), lines: room(m, m), y: room(m, n), w: room(m, n)}
}

// solve returns the panels of Y, for those of S and for Y₀ (m, n).
func (q *spd[T]) solve(s []T, p T, y0 []T, m, n int) []T {
	q.rows, q.floor = whole(m), p/2
	for i := range q.rows {
		at := i / side * side // of its block
		if i == at {
			copy(q.s[at*q.rows:], s[at*q.rows:at*q.rows+(at+side)*side])
		}
		if d := &q.s[at*q.rows+i*side+i-at]; i < m {
			*d += p
		} else {
			*d = 1
		}
	}
	length := q.rows * whole(n)
	toPanels(q.y[:length], y0, m, n)
	for i := 0; i < q.rows; i += side {
		q.factor(i)
		for j := 0; j < length; j += q.rows * side {
			q.eliminate(i, q.w[j:], q.y[j:])
		}
	}
	for i := q.rows - side; i >= 0; i -= side {
		for j := 0; j < length; j += q.rows * side {
			q.substitute(i, q.y[j:], q.w[j:])
		}
	}
	return q.y[:length]
}

// factor makes rows [i, i+32) of U.
func (q *spd[T]) factor(i int) {
	s, u := q.s[i*q.rows+i*side:], q.u[i*q.rows:]
	q.subtract(i, u, s)
	q.invert(q.inverse(i), s)
	for j := i + side; j < q.rows; j += side {
		u := q.u[j*q.rows:]
		q.eliminate(i, u, q.s[j*q.rows:])
		for r := i; r < i+side; r++ {
			copy(q.lines[r*q.rows+j:], u[r*side:(r+1)*side])
		}
	}
}

// inverse is where U_ii⁻ᵀ is, with q.rows numbers a row.
func (q *spd[T]) inverse(i int) []T { return q.lines[i*q.rows+i:] }

// eliminate makes rows [i, i+32) of a panel of U or W, of those above and of a panel of S or Y₀,
// which it spoils.
func (q *spd[T]) eliminate(i int, dst, src []T) {
	x := src[i*side:]
	q.subtract(i, dst, x)
	autograd.Gemm(blas.NoTrans, blas.NoTrans, side, side, side, 1, q.inverse(i), q.rows, x, side, 0, dst[i*side:], side)
}

// subtract takes Σ_{k<i} U_kiᵀ·above_k from x (32, 32).
func (q *spd[T]) subtract(i int, above, x []T) {
	if i > 0 {
		autograd.Gemm(blas.Trans, blas.NoTrans, side, side, i, -1, q.u[i*q.rows:], side, above, side, 1, x, side)
	}
}

// substitute makes rows [i, i+32) of a panel of Y, of those below and of W's, which it spoils.
func (q *spd[T]) substitute(i int, y, w []T) {
	x := w[i*side:]
	if j := i + side; j < q.rows {
		autograd.Gemm(blas.NoTrans, blas.NoTrans, side, side, q.rows-j, -1, q.lines[i*q.rows+j:], q.rows, y[j*side:], side, 1, x, side)
	}
	autograd.Gemm(blas.Trans, blas.NoTrans, side, side, side, 1, q.inverse(i), q.rows, x, side, 0, y[i*side:], side)
}

// invert writes U⁻ᵀ, with q.rows numbers a row, of s = UᵀU (32, 32), of which what lies on and
// above the diagonal is read. It makes U of it, and U⁻ᵀ of a unit matrix beside it, eight rows
// one by one and of all others what those leave; what comes to lie below U's diagonal means nothing.
func (q *spd[T]) invert(inverse, s []T) {
	const cols, few = 2 * side, 8
	w := q.block[:]
	clear(w)
	for p := range side {
		copy(w[p*cols+p:p*cols+side], s[p*side+p:])
		w[p*cols+side+p] = 1
	}
	for from := 0; from < side; from += few {
		to := from + few
		for p := from; p < to; p++ {
			u := w[p*cols : (p+1)*cols]
			// what is left has no eigenvalue below the floor, but for rounding
			kernel.Scale(u[p:side+p+1], T(1/math.Sqrt(float64(max(u[p], q.floor)))), u[p:side+p+1])
			for i := p + 1; i < to; i++ {
				kernel.AddScaled(w[i*cols+i:i*cols+side+p+1], -u[i], u[i:side+p+1])
			}
			copy(inverse[p*q.rows:p*q.rows+side], u[side:])
		}
		if to < side {
			autograd.Gemm(blas.Trans, blas.NoTrans, side-to, cols, few, -1, w[from*cols+to:], cols, w[from*cols:], cols, 1, w[to*cols:], cols)
		}
	}
}
