package egnn

import (
	"equifm/autograd"
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
)

// edgeMLP is the perceptron that both fused operations run on every pair,
//
//	a = SiLU(W1·[h_i, h_j, d², d0²] + b1)     m = SiLU(W2·a + b2),
//
// with the first linear split: W1 = [W_s, W_d, w_d, w_0] by columns, so that
//
//	W1·[h_i, h_j, d², d0²] + b1 = u_i + v_j + d²·w_d + d0²·w_0,
//	u = h·W_sᵀ + b1,  v = h·W_dᵀ
//
// and the two large products are done once an atom, not once a pair. Pairs go
// through in blocks; backward computes a block's a and m again, so that nothing
// of size pairs × E is ever stored.
type edgeMLP[T autograd.Float] struct {
	ws     *workspace[T]
	h      *autograd.Tensor[T] // (N, H)
	x, x0  *autograd.Tensor[T] // (N, 3) positions now and at the input, Å
	w1, b1 *autograd.Tensor[T] // (E, 2H+2), (1, E)
	w2, b2 *autograd.Tensor[T] // (E, E), (1, E)

	u, v   []T // (N, E)
	wd, w0 []T // (E) the columns of W1 for d² and d0², contiguous
}

// prepare computes the per-atom half of the first linear.
func (e *edgeMLP[T]) prepare(t *autograd.Tape[T]) {
	n, H, E := e.h.Rows, e.h.Cols, e.ws.edge
	in := 2*H + 2
	e.u, e.v = t.Slice(n*E), t.Slice(n*E)
	e.wd, e.w0 = t.Slice(E), t.Slice(E)
	for k := range E {
		e.wd[k], e.w0[k] = e.w1.Data[k*in+2*H], e.w1.Data[k*in+2*H+1]
	}
	autograd.Gemm(blas.NoTrans, blas.Trans, n, E, H, 1, e.h.Data, H, e.w1.Data, in, 0, e.u, E)     // u = h·W_sᵀ
	autograd.Gemm(blas.NoTrans, blas.Trans, n, E, H, 1, e.h.Data, H, e.w1.Data[H:], in, 0, e.v, E) // v = h·W_dᵀ
	kernel.AddRow(e.u, e.b1.Data)
}

// activate computes m for a block of rows pairs, into ws.m, and with
// derivatives set also what backward needs: ws.da = SiLU' at the first
// activation, ws.dm = SiLU' at the second.
func (e *edgeMLP[T]) activate(b []run, rows int, derivatives bool) {
	ws, E := e.ws, e.ws.edge
	p := 0
	for _, r := range b {
		q := p + r.n
		squaredDistances(ws.d[p:q], e.x.Data, r)
		squaredDistances(ws.d0[p:q], e.x0.Data, r)
		u, v := e.u[r.i*E:(r.i+1)*E], e.v[r.j*E:(r.j+r.n)*E]
		if derivatives {
			kernel.EdgePreSiLUBoth(ws.a[p*E:q*E], ws.da[p*E:q*E], u, v, ws.d[p:q], ws.d0[p:q], e.wd, e.w0)
		} else {
			kernel.EdgePreSiLU(ws.a[p*E:q*E], u, v, ws.d[p:q], ws.d0[p:q], e.wd, e.w0)
		}
		p = q
	}
	autograd.Gemm(blas.NoTrans, blas.Trans, rows, E, E, 1, ws.a, E, e.w2.Data, E, 0, ws.m, E) // W2·a
	if derivatives {
		kernel.BiasSiLUBoth(ws.m[:rows*E], ws.dm[:rows*E], ws.m[:rows*E], e.b2.Data)
	} else {
		kernel.BiasSiLU(ws.m[:rows*E], ws.m[:rows*E], e.b2.Data)
	}
}

// carry takes ws.dm, the gradient at W2·a + b2 of a block, back to u, v, the
// weights and, in ws.dd and ws.dd0, to the squared distances.
func (e *edgeMLP[T]) carry(b []run, rows int, dwd, dw0 []T) {
	ws, E := e.ws, e.ws.edge
	dz, da := ws.dm[:rows*E], ws.m[:rows*E]
	if e.w2.Grad != nil { // z = W2·a + b2  ⇒  dW2 += dzᵀ·a, db2 += Σ dz
		autograd.Gemm(blas.Trans, blas.NoTrans, E, E, rows, 1, dz, E, ws.a, E, 1, e.w2.Grad, E)
		kernel.SumRows(e.b2.Grad, dz)
	}
	// z = W2·a + b2, a = SiLU(pre)  ⇒  dpre = (dz·W2)⊙SiLU'(pre)
	autograd.Gemm(blas.NoTrans, blas.NoTrans, rows, E, E, 1, dz, E, e.w2.Data, E, 0, da, E)
	kernel.Mul(da, da, ws.da[:rows*E])
	p := 0
	for _, r := range b {
		q := p + r.n // pre = u_i + v_j + d²·w_d + d0²·w_0
		kernel.EdgePreGrad(ws.du[r.i*E:(r.i+1)*E], ws.dv[r.j*E:(r.j+r.n)*E], dwd, dw0,
			ws.dd[p:q], ws.dd0[p:q], da[p*E:q*E], ws.d[p:q], ws.d0[p:q], e.wd, e.w0)
		addDistanceGradient(e.x.Grad, e.x.Data, ws.dd[p:q], r)
		addDistanceGradient(e.x0.Grad, e.x0.Data, ws.dd0[p:q], r)
		p = q
	}
}

// finish takes ws.du, ws.dv and the gradients of w_d and w_0 back through the
// split first linear, once an atom.
func (e *edgeMLP[T]) finish(dwd, dw0 []T) {
	n, H, E := e.h.Rows, e.h.Cols, e.ws.edge
	in, du, dv := 2*H+2, e.ws.du, e.ws.dv
	if e.h.Grad != nil { // u = h·W_sᵀ + b1, v = h·W_dᵀ  ⇒  dh += du·W_s + dv·W_d
		autograd.Gemm(blas.NoTrans, blas.NoTrans, n, H, E, 1, du, E, e.w1.Data, in, 1, e.h.Grad, H)
		autograd.Gemm(blas.NoTrans, blas.NoTrans, n, H, E, 1, dv, E, e.w1.Data[H:], in, 1, e.h.Grad, H)
	}
	if e.w1.Grad == nil {
		return
	}
	// dW_s += duᵀ·h, dW_d += dvᵀ·h, db1 += Σ du
	autograd.Gemm(blas.Trans, blas.NoTrans, E, H, n, 1, du, E, e.h.Data, H, 1, e.w1.Grad, in)
	autograd.Gemm(blas.Trans, blas.NoTrans, E, H, n, 1, dv, E, e.h.Data, H, 1, e.w1.Grad[H:], in)
	kernel.SumRows(e.b1.Grad, du)
	for k := range E {
		e.w1.Grad[k*in+2*H] += dwd[k]
		e.w1.Grad[k*in+2*H+1] += dw0[k]
	}
}

// squaredDistances writes |x_i - x_j|² for the senders of one run.
func squaredDistances[T autograd.Float](d, x []T, r run) {
	xi := x[3*r.i : 3*r.i+3]
	for k := range d {
		xj := x[3*(r.j+k) : 3*(r.j+k)+3]
		a, b, c := xi[0]-xj[0], xi[1]-xj[1], xi[2]-xj[2]
		d[k] = a*a + b*b + c*c
	}
}

// addDistanceGradient adds to dx what the gradients dd of the squared distances
// of one run give; dx may be nil.
func addDistanceGradient[T autograd.Float](dx, x, dd []T, r run) {
	if dx == nil {
		return
	}
	for k, g := range dd { // d² = |x_i - x_j|²  ⇒  dx_i += 2(x_i-x_j)·dd, dx_j -= 2(x_i-x_j)·dd
		i, j := 3*r.i, 3*(r.j+k)
		for c := range 3 {
			s := 2 * (x[i+c] - x[j+c]) * g
			dx[i+c] += s
			dx[j+c] -= s
		}
	}
}
