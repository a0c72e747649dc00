package egnn

import (
	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn"

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
// computed again, to the same bits. Blocks of different receivers are shared out to the
// tape's hands, each with a scratch of its own.
type edgeMLP[T autograd.Float] struct {
	ws     *workspace[T]
	view   nn.View[T]
	mlp    nn.MLP
	h      *autograd.Tensor[T] // (N, H)
	x, x0  *autograd.Tensor[T] // (N, 3) positions now and at the input, Å
	w1, b1 *autograd.Tensor[T] // (E, 2H+2), (1, E)
	w2, b2 *autograd.Tensor[T] // (E, E), (1, E)

	firstI, firstJ autograd.Factor[T] // (H, E) W_sᵀ and W_dᵀ, for h_i and h_j
	w2t, back      autograd.Factor[T] // (E, E) W2ᵀ, for z = W2·a, and W2, for its gradient

	planes []T // (3, N) x by coordinates
	u, v   []T // (N, E)
	wd, w0 []T // (E) the columns of W1 for d² and d0², contiguous
	kept   []T // (P, E) z of all pairs, or nil
}

// newEdgeMLP returns one whose per-atom half, u and v, is among the products to be done
// by columns; prepare, which comes after those, takes the positions.
func newEdgeMLP[T autograd.Float](t *autograd.Tape[T], v nn.View[T], m nn.MLP, ws *workspace[T], h, x0 *autograd.Tensor[T]) edgeMLP[T] {
	n, H, E := h.Rows, h.Cols, ws.edge
	e := edgeMLP[T]{ws: ws, view: v, mlp: m, h: h, x0: x0,
		w1: v.Stored(m.First.W), b1: v.Tensor(m.First.B), w2: v.Tensor(m.Last.W), b2: v.Tensor(m.Last.B),
		firstI: v.Right(m.First.W, 0, H), firstJ: v.Right(m.First.W, H, 2*H), w2t: v.Right(m.Last.W, 0, E),
		u: t.Slice(n * E), v: t.Slice(n * E)}
	w := v.Columns(m.First.W, 2*H, 2*H+2, t.Slice(2*E))
	e.wd, e.w0 = w[:E], w[E:]
	ws.byColumns.times(n, E, h.Data, H, e.firstI, 0, e.u, E) // u = h·W_sᵀ
	ws.byColumns.times(n, E, h.Data, H, e.firstJ, 0, e.v, E) // v = h·W_dᵀ
	return e
}

// prepare does what has to be done once before the pairs, for an operation that will go
// backward or not.
func (e *edgeMLP[T]) prepare(t *autograd.Tape[T], x *autograd.Tensor[T], backward bool) {
	ws := e.ws
	e.x, e.planes = x, t.Slice(3*x.Rows)
	toPlanes(e.planes, x.Data)
	kernel.AddRow(e.u, e.b1.Data)
	if backward && ws.keep {
		e.kept = t.Slice(ws.cut.pairs * ws.edge)
	}
	e.w2t = e.w2t.Lay(ws.w2t)
}

// activate computes, for a block, the squared distances and a, z, m and s = w·m.
func (e *edgeMLP[T]) activate(b block, s *scratch[T], w []T) {
	n, E, runs := b.pairs, e.ws.edge, e.runs(b)
	a, z := s.a[:n*E], e.z(b, s)
	e.distances(b, s)
	kernel.PairSiLU(a, e.u, e.v, s.d[:n], s.d0[:n], e.wd, e.w0, runs)
	e.w2t.Multiply(n, a, E, 0, z, E) // z = W2·a
	kernel.BiasSiLU(s.m[:n*E], z, e.b2.Data)
	kernel.RowDot(s.s[:n], s.m[:n*E], w)
}

// prepareBack does, for backward, what has to be done once an operation.
func (e *edgeMLP[T]) prepareBack() {
	ws, E := e.ws, e.ws.edge
	clear(ws.du)
	e.back = autograd.RightFactor(blas.NoTrans, E, E, e.w2.Data, E).Lay(ws.w2)
	if e.kept == nil {
		e.w2t = autograd.RightFactor(blas.Trans, E, E, e.w2.Data, E).Lay(ws.w2t) // another operation's lies there
	}
	ws.sums[0].dw2, ws.sums[0].db2 = e.w2.Grad, e.b2.Grad
}

// activateBoth does again for backward what activate did, with aSlope and mSlope.
func (e *edgeMLP[T]) activateBoth(b block, s *scratch[T], w []T) {
	n, E, runs := b.pairs, e.ws.edge, e.runs(b)
	a, z := s.a[:n*E], e.z(b, s)
	e.distances(b, s)
	kernel.PairSiLUBoth(a, s.aSlope[:n*E], e.u, e.v, s.d[:n], s.d0[:n], e.wd, e.w0, runs)
	if e.kept == nil {
		e.w2t.Multiply(n, a, E, 0, z, E) // z = W2·a
	}
	kernel.BiasSiLUBoth(s.m[:n*E], s.mSlope[:n*E], z, e.b2.Data)
	kernel.RowDot(s.s[:n], s.m[:n*E], w)
}

// runs returns a block's.
func (e *edgeMLP[T]) runs(b block) []kernel.Run { return e.ws.cut.runs[b.from:b.to] }

// distances writes the squared distances of a block.
func (e *edgeMLP[T]) distances(b block, s *scratch[T]) {
	kernel.PairDistances(s.d[:b.pairs], e.planes, e.runs(b))
	kernel.PairDistances(s.d0[:b.pairs], e.ws.x0, e.runs(b))
}

// z is where z of a block is, or goes.
func (e *edgeMLP[T]) z(b block, s *scratch[T]) []T {
	n, E := b.pairs, e.ws.edge
	if e.kept != nil {
		return e.kept[b.first*E : (b.first+n)*E]
	}
	return s.z[:n*E]
}

// carry takes s.dz of a block back to u, v, the weights and the positions; in
// s.dd and s.dd0 is what the distances' gradients have already.
func (e *edgeMLP[T]) carry(b block, s *scratch[T], sums *edgeSums[T]) {
	n, E, runs := b.pairs, e.ws.edge, e.runs(b)
	dz, da, dd, dd0 := s.dz[:n*E], s.da[:n*E], s.dd[:n], s.dd0[:n]
	if e.w2.Grad != nil { // z = W2·a, then + b2  ⇒  dW2 += dzᵀ·a, db2 += Σ dz
		autograd.Gemm(blas.Trans, blas.NoTrans, E, E, n, 1, dz, E, s.a, E, 1, sums.dw2, E)
		kernel.SumRows(sums.db2, dz)
	}
	// z = W2·a  ⇒  da = dz·W2
	e.back.Multiply(n, dz, E, 0, da, E)
	// a = SiLU(u_i + v_j + d²·w_d + d0²·w_0)
	kernel.PairGrad(e.ws.du, sums.dv, sums.dwd, sums.dw0, dd, dd0, da, s.aSlope[:n*E], s.d[:n], s.d0[:n], e.wd, e.w0, runs)
	if e.x.Grad != nil {
		kernel.PairDistancesGrad(sums.dx, e.planes, dd, runs)
	}
	if e.x0.Grad != nil {
		kernel.PairDistancesGrad(sums.dx0, e.ws.x0, dd0, runs)
	}
}

// finish takes what the groups have summed back to the positions and, through the
// split first linear, once an atom, to h.
func (e *edgeMLP[T]) finish() {
	n, H, E, ws, sums := e.h.Rows, e.h.Cols, e.ws.edge, e.ws, e.ws.total()
	if e.x.Grad != nil {
		addPlanes(e.x.Grad, sums.dx)
	}
	if e.x0.Grad != nil {
		addPlanes(e.x0.Grad, sums.dx0)
	}
	in, du, dv := 2*H+2, ws.du, sums.dv
	if e.h.Grad != nil { // u = h·W_sᵀ + b1, v = h·W_dᵀ  ⇒  dh += du·W_s + dv·W_d
		ws.byColumns.times(n, H, du, E, autograd.RightFactor(blas.NoTrans, E, H, e.w1.Data, in), 1, e.h.Grad, H)
		ws.byColumns.times(n, H, dv, E, autograd.RightFactor(blas.NoTrans, E, H, e.w1.Data[H:], in), 1, e.h.Grad, H)
	}
	var beta T
	if e.w1.Grad != nil { // and dW_s += duᵀ·h, dW_d += dvᵀ·h, db1 += Σ du
		beta = e.view.Beta(e.mlp.First.W)
		ws.byColumns.outer(E, H, n, du, E, e.h.Data, H, beta, e.w1.Grad, in)
		ws.byColumns.outer(E, H, n, dv, E, e.h.Data, H, beta, e.w1.Grad[H:], in)
	}
	ws.byColumns.run(ws.tape)
	if e.w1.Grad == nil {
		return
	}
	kernel.SumRows(e.b1.Grad, du)
	for k := range E { // the last two columns
		d := e.w1.Grad[k*in+2*H : (k+1)*in]
		if beta == 0 {
			clear(d)
		}
		d[0] += sums.dwd[k]
		d[1] += sums.dw0[k]
	}
}
