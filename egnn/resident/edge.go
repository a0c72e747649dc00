package resident

import (
	"equifm/autograd/cuda"
	"equifm/nn"
)

// edgeOp is the perceptron on every pair of one message or coordinate operation, as
// egnn's edgeMLP: a = SiLU(u_i + v_j + b1 + d²·w_d + d0²·w_0), z = W2·a, m = SiLU(z + b2),
// s = w·m.
type edgeOp struct {
	perceptron
	head nn.Block    // (1, E) w; empty where there is none
	u, v cuda.Memory // (N, E) W_s·h, W_d·h
	z    cuda.Memory // (P, E) if kept for backward
}

// byAtom computes u and v from h (N, H).
func (f *Field) byAtom(o *edgeOp, h cuda.Memory) {
	n, H, E := f.atoms, f.net.Hidden, f.edge
	w := f.weight(o.first.w)
	f.dev.Gemm(false, true, n, E, H, h.By(H), w, 0, o.u.By(E))
	f.dev.Gemm(false, true, n, E, H, h.By(H), w.Columns(H), 0, o.v.By(E))
}

// distances writes a column of the squared distances at positions x.
func (f *Field) distances(x cuda.Memory, column int) {
	if f.pairs > 0 {
		f.dev.Launch("pair_distance", f.pairs, f.pi, f.pj, x, cuda.Int(column), f.d)
	}
}

// takeColumns lays out w_d and w_0.
func (f *Field) takeColumns(o *edgeOp) {
	H := f.net.Hidden
	w := f.weight(o.first.w)
	f.dev.Launch("copy_columns", 2*f.edge, cuda.Int(f.edge), cuda.Int(w.Stride), w.Columns(2*H).Memory, f.columns)
}

// activate computes a, z, m and s of a piece. again says that it is done for backward, when
// z may be there.
func (f *Field) activate(o *edgeOp, p piece, again bool) {
	d, n, E := f.dev, p.pairs, f.edge
	a, z := f.a.Part(0, n*E), f.zOf(o, p)
	d.Launch("edge_silu", n*E, cuda.Int(E), p.of(f.pi, 1), p.of(f.pj, 1), o.u, o.v, f.weight(o.first.b).Memory, f.columns, p.of(f.d, 2), a)
	if !again || !f.keep {
		d.Gemm(false, true, n, E, E, a.By(E), f.weight(o.last.w), 0, z.By(E))
	}
	d.Launch("bias_silu", n*E, cuda.Int(E), z, f.weight(o.last.b).Memory, f.m)
	if o.head.Len() > 0 {
		d.Gemm(false, false, n, 1, E, f.m.By(E), f.weight(o.head).Memory.By(1), 0, p.of(f.s, 1).By(1))
	}
}

// zOf is where z of a piece is, or goes.
func (f *Field) zOf(o *edgeOp, p piece) cuda.Memory {
	if f.keep {
		return p.of(o.z, f.edge)
	}
	return f.z.Part(0, p.pairs*f.edge)
}

// carry takes the gradient of z, in m's place, back to u, v, the weights and the squared
// distances of a piece; of those f.dd has beta times something already.
func (f *Field) carry(o *edgeOp, p piece, beta float32) {
	d, n, E, H := f.dev, p.pairs, f.edge, f.net.Hidden
	dz, da, w1 := f.m.By(E), f.da.Part(0, n*E), f.slope(o.first.w)
	// z = W2·a, m = SiLU(z + b2)  ⇒  dW2 += dzᵀ·a, db2 += Σ dz, da = dz·W2
	d.Gemm(true, false, E, E, n, dz, f.a.By(E), 1, f.slope(o.last.w))
	f.sumRows(dz, n, E, o.last.b)
	d.Gemm(false, false, n, E, E, dz, f.weight(o.last.w), 0, da.By(E))
	d.Launch("edge_back", n*E, cuda.Int(E), p.of(f.pi, 1), p.of(f.pj, 1), o.u, o.v, f.weight(o.first.b).Memory, f.columns, p.of(f.d, 2), da)
	// a's argument is u_i + v_j + d²·w_d + d0²·w_0
	d.Gemm(false, false, n, 1, E, da.By(E), f.columns.By(1), beta, p.of(f.dd, 1).By(1))
	d.Gemm(true, false, E, 2, n, da.By(E), p.of(f.d, 2).By(2), 1, w1.Columns(2*H))
}

// byReceiver and bySender sum a piece's gradients at its atoms.
func (f *Field) byReceiver(p piece, weight, from, to cuda.Memory) {
	f.dev.Launch("segment_sum", p.atoms*f.edge, cuda.Int(f.edge), cuda.Int(p.atom), cuda.Int(p.pair), f.start, f.count, weight, from, to)
}

func (f *Field) bySender(p piece, from, to cuda.Memory) {
	f.dev.Launch("sender_sum", p.atoms*f.edge, cuda.Int(f.edge), cuda.Int(p.atom), cuda.Int(p.pair), f.start, f.first, f.count, from, to)
}

// gather sums da of a piece by atoms, into du and dv.
func (f *Field) gather(p piece) {
	f.byReceiver(p, cuda.Memory{}, f.da, f.du)
	f.bySender(p, f.da, f.dv)
}

// finish takes du and dv back through the split first linear to h, whose gradient dh is.
func (f *Field) finish(o *edgeOp, h cuda.Memory) {
	d, n, H, E := f.dev, f.atoms, f.net.Hidden, f.edge
	w, dw := f.weight(o.first.w), f.slope(o.first.w)
	// u = h·W_sᵀ + b1, v = h·W_dᵀ  ⇒  dh += du·W_s + dv·W_d, dW_s += duᵀ·h, dW_d += dvᵀ·h, db1 += Σ du
	d.Gemm(false, false, n, H, E, f.du.By(E), w, 1, f.dh.By(H))
	d.Gemm(false, false, n, H, E, f.dv.By(E), w.Columns(H), 1, f.dh.By(H))
	d.Gemm(true, false, E, H, n, f.du.By(E), h.By(H), 1, dw)
	d.Gemm(true, false, E, H, n, f.dv.By(E), h.By(H), 1, dw.Columns(H))
	f.sumRows(f.du.By(E), n, E, o.first.b)
}

// sumRows adds the sum of rows (n, cols) to a bias's gradient.
func (f *Field) sumRows(rows cuda.Matrix, n, cols int, bias nn.Block) {
	f.dev.Gemm(true, false, cols, 1, n, rows, f.ones.By(1), 1, f.slope(bias).Memory.By(1))
}
