package egnn

import (
	"equifm/autograd"
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
)

// edgeMLP is the perceptron that both fused operations run on every pair,
//
//	a = SiLU(W1·[h_i, h_j, d², d0²] + b1)     z = W2·a     m = SiLU(z + b2)     s = w·m,
//
// with the first linear split: W1 = [W_s, W_d, w_d, w_0] by columns, so that
//
//	W1·[h_i, h_j, d², d0²] + b1 = u_i + v_j + d²·w_d + d0²·w_0,
//	u = h·W_sᵀ + b1,  v = h·W_dᵀ
//
// and the two large products are done once an atom, not once a pair. Pairs go
// through in blocks; backward computes a block's a and m again, so that of size
// pairs × E at most z is stored, where E is wide and within a budget: beyond it z too is
// computed again, to the same bits.
type edgeMLP[T autograd.Float] struct {
	ws     *workspace[T]
	h      *autograd.Tensor[T] // (N, H)
	x, x0  *autograd.Tensor[T] // (N, 3) positions now and at the input, Å
	w1, b1 *autograd.Tensor[T] // (E, 2H+2), (1, E)
	w2, b2 *autograd.Tensor[T] // (E, E), (1, E)

	planes []T // (3, N) x by coordinates
	u, v   []T // (N, E)
	wd, w0 []T // (E) the columns of W1 for d² and d0², contiguous
	w2t    []T // (E, E) W2ᵀ, or nil where W2 is wide
	kept   []T // (P, E) z of all pairs, or nil
}

// narrow is the widest E for which W2 is transposed once an operation: then the
// product reads W2ᵀ from the first-level cache, instead of packing it every block,
// and doing it again costs no more than keeping it.
const narrow = 64

// prepare computes the per-atom half of the first linear, for an operation that
// will go backward or not.
func (e *edgeMLP[T]) prepare(t *autograd.Tape[T], backward bool) {
	n, H, E := e.h.Rows, e.h.Cols, e.ws.edge
	in := 2*H + 2
	e.planes = t.Slice(3 * n)
	toPlanes(e.planes, e.x.Data)
	e.u, e.v = t.Slice(n*E), t.Slice(n*E)
	e.wd, e.w0 = t.Slice(E), t.Slice(E)
	for k := range E {
		e.wd[k], e.w0[k] = e.w1.Data[k*in+2*H], e.w1.Data[k*in+2*H+1]
	}
	if backward && e.ws.keep {
		e.kept = t.Slice(e.ws.pairs * E)
	}
	if E <= narrow {
		e.w2t = t.Slice(E * E)
		for i := range E {
			for k, w := range e.w2.Row(i) {
				e.w2t[k*E+i] = w
			}
		}
	}
	autograd.Gemm(blas.NoTrans, blas.Trans, n, E, H, 1, e.h.Data, H, e.w1.Data, in, 0, e.u, E)     // u = h·W_sᵀ
	autograd.Gemm(blas.NoTrans, blas.Trans, n, E, H, 1, e.h.Data, H, e.w1.Data[H:], in, 0, e.v, E) // v = h·W_dᵀ
	kernel.AddRow(e.u, e.b1.Data)
}

// activate computes, for a block, the squared distances and a, z, m and s = w·m.
func (e *edgeMLP[T]) activate(b block, w []T) {
	ws, n, E, runs := e.ws, b.pairs, e.ws.edge, e.ws.runs[b.from:b.to]
	a, z := ws.a[:n*E], e.z(b)
	e.distances(b)
	kernel.PairSiLU(a, e.u, e.v, ws.d[:n], ws.d0[:n], e.wd, e.w0, runs)
	e.second(z, a, n)
	kernel.BiasSiLU(ws.m[:n*E], z, e.b2.Data)
	kernel.RowDot(ws.s[:n], ws.m[:n*E], w)
}

// activateBoth does again for backward what activate did, with aSlope and mSlope.
func (e *edgeMLP[T]) activateBoth(b block, w []T) {
	ws, n, E, runs := e.ws, b.pairs, e.ws.edge, e.ws.runs[b.from:b.to]
	a, z := ws.a[:n*E], e.z(b)
	e.distances(b)
	kernel.PairSiLUBoth(a, ws.aSlope[:n*E], e.u, e.v, ws.d[:n], ws.d0[:n], e.wd, e.w0, runs)
	if e.kept == nil {
		e.second(z, a, n)
	}
	kernel.BiasSiLUBoth(ws.m[:n*E], ws.mSlope[:n*E], z, e.b2.Data)
	kernel.RowDot(ws.s[:n], ws.m[:n*E], w)
}

// distances writes the squared distances of a block.
func (e *edgeMLP[T]) distances(b block) {
	ws, runs := e.ws, e.ws.runs[b.from:b.to]
	kernel.PairDistances(ws.d[:b.pairs], e.planes, runs)
	kernel.PairDistances(ws.d0[:b.pairs], ws.x0, runs)
}

// z is where z of a block is, or goes.
func (e *edgeMLP[T]) z(b block) []T {
	n, E := b.pairs, e.ws.edge
	if e.kept != nil {
		return e.kept[b.first*E : (b.first+n)*E]
	}
	return e.ws.z[:n*E]
}

// second writes z = W2·a for rows pairs.
func (e *edgeMLP[T]) second(z, a []T, rows int) {
	E := e.ws.edge
	if e.w2t != nil {
		autograd.Gemm(blas.NoTrans, blas.NoTrans, rows, E, E, 1, a, E, e.w2t, E, 0, z, E)
		return
	}
	autograd.Gemm(blas.NoTrans, blas.Trans, rows, E, E, 1, a, E, e.w2.Data, E, 0, z, E)
}

// carry takes ws.dz of a block back to u, v, the weights and the positions; in
// ws.dd and ws.dd0 is what the distances' gradients have already.
func (e *edgeMLP[T]) carry(b block) {
	ws, n, E, runs := e.ws, b.pairs, e.ws.edge, e.ws.runs[b.from:b.to]
	dz, da, dd, dd0 := ws.dz[:n*E], ws.da[:n*E], ws.dd[:n], ws.dd0[:n]
	if e.w2.Grad != nil { // z = W2·a, then + b2  ⇒  dW2 += dzᵀ·a, db2 += Σ dz
		autograd.Gemm(blas.Trans, blas.NoTrans, E, E, n, 1, dz, E, ws.a, E, 1, e.w2.Grad, E)
		kernel.SumRows(e.b2.Grad, dz)
	}
	// z = W2·a  ⇒  da = dz·W2
	autograd.Gemm(blas.NoTrans, blas.NoTrans, n, E, E, 1, dz, E, e.w2.Data, E, 0, da, E)
	// a = SiLU(u_i + v_j + d²·w_d + d0²·w_0)
	kernel.PairGrad(ws.du, ws.dv, ws.dwd, ws.dw0, dd, dd0, da, ws.aSlope[:n*E], ws.d[:n], ws.d0[:n], e.wd, e.w0, runs)
	if e.x.Grad != nil {
		kernel.PairDistancesGrad(ws.dx, e.planes, dd, runs)
	}
	if e.x0.Grad != nil {
		kernel.PairDistancesGrad(ws.dx0, ws.x0, dd0, runs)
	}
}

// finish takes what the blocks have summed back to the positions and, through the
// split first linear, once an atom, to h.
func (e *edgeMLP[T]) finish() {
	n, H, E, ws := e.h.Rows, e.h.Cols, e.ws.edge, e.ws
	if e.x.Grad != nil {
		addPlanes(e.x.Grad, ws.dx)
	}
	if e.x0.Grad != nil {
		addPlanes(e.x0.Grad, ws.dx0)
	}
	in, du, dv := 2*H+2, ws.du, ws.dv
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
		e.w1.Grad[k*in+2*H] += ws.dwd[k]
		e.w1.Grad[k*in+2*H+1] += ws.dw0[k]
	}
}
