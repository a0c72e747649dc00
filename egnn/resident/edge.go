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
	s    cuda.Memory // (P) what the head reads off a message
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

// activate computes a and z of a piece. again says that it is done for backward, when z may
// be there.
func (f *Field) activate(o *edgeOp, p piece, again bool) {
	n, E := p.pairs, f.edge
	if n == 0 {
		return
	}
	f.byReceiver("edge_silu", p, f.start, f.first, f.count, o.u, o.v, f.weight(o.first.b).Memory, f.columns, p.of(f.d, 2), f.a)
	if !again || !f.keep {
		f.dev.Gemm(false, true, n, E, E, f.a.By(E), f.weight(o.last.w), 0, f.zOf(o, p).By(E))
	}
}

// byReceiver launches a kernel on the receivers of a piece and their channels.
func (f *Field) byReceiver(kernel string, p piece, args ...cuda.Arg) {
	f.dev.Launch(kernel, p.atoms*f.edge, append([]cuda.Arg{cuda.Int(f.edge), cuda.Int(p.atom), cuda.Int(p.pair)}, args...)...)
}

// partChannels is how many channels of a message one thread reads a head off.
const partChannels = 8

// headParts multiplies the messages of a piece by rows, a head's weights or with receivers
// one's for every atom, and leaves sums to be added up in parts.
func (f *Field) headParts(o *edgeOp, p piece, receivers, rows cuda.Memory) {
	f.dev.Launch("head_parts", p.pairs*f.groups(), cuda.Int(f.edge), cuda.Int(f.groups()), receivers, f.zOf(o, p), f.weight(o.last.b).Memory, rows, f.parts)
}

// groups is how many parts a message has.
func (f *Field) groups() int { return (f.edge + partChannels - 1) / partChannels }

// zOf is where z of a piece is, or goes.
func (f *Field) zOf(o *edgeOp, p piece) cuda.Memory {
	if f.keep {
		return p.of(o.z, f.edge)
	}
	return f.z.Part(0, p.pairs*f.edge)
}

// carry takes the gradients of s and, by weight and dy, of the weighted sums of a piece's
// messages back to u, v, W2 and the squared distances; of those f.dd has beta times
// something already. What belongs to other weights it leaves by atoms, for finish.
func (f *Field) carry(o *edgeOp, p piece, ds, weight, dy cuda.Memory, beta float32) {
	d, n, E := f.dev, p.pairs, f.edge
	head, dhead, z, da := cuda.Memory{}, cuda.Memory{}, f.zOf(o, p), f.da.Part(0, n*E)
	if o.head.Len() > 0 {
		head, dhead = f.weight(o.head).Memory, f.dhead
	}
	f.byReceiver("message_back", p, f.start, f.count, f.weight(o.last.b).Memory, head, ds, weight, dy, z, dhead, f.dbias)
	if n > 0 { // z = W2·a  ⇒  dW2 += dzᵀ·a, da = dz·W2
		d.Gemm(true, false, E, E, n, z.By(E), f.a.By(E), 1, f.slope(o.last.w))
		d.Gemm(false, false, n, E, E, z.By(E), f.weight(o.last.w), 0, da.By(E))
	}
	f.byReceiver("edge_back", p, f.start, f.first, f.count, o.u, o.v, f.weight(o.first.b).Memory, f.columns, p.of(f.d, 2),
		da, cuda.Int(f.atoms), f.du, f.dcolumns)
	if n > 0 { // a's argument is u_i + v_j + d²·w_d + d0²·w_0
		d.Gemm(false, false, n, 1, E, da.By(E), f.columns.By(1), beta, p.of(f.dd, 1).By(1))
	}
	f.byReceiver("sender_sum", p, f.start, f.first, f.count, da, f.dv)
}

// finish takes du and dv back through the split first linear to h, whose gradient dh is, and
// adds up what pieces have left by atoms.
func (f *Field) finish(o *edgeOp, h cuda.Memory) {
	d, n, H, E := f.dev, f.atoms, f.net.Hidden, f.edge
	w, dw := f.weight(o.first.w), f.slope(o.first.w)
	// u = h·W_sᵀ + b1, v = h·W_dᵀ  ⇒  dh += du·W_s + dv·W_d, dW_s += duᵀ·h, dW_d += dvᵀ·h, db1 += Σ du
	d.Gemm(false, false, n, H, E, f.du.By(E), w, 1, f.dh.By(H))
	d.Gemm(false, false, n, H, E, f.dv.By(E), w.Columns(H), 1, f.dh.By(H))
	d.Gemm(true, false, E, H, n, f.du.By(E), h.By(H), 1, dw)
	d.Gemm(true, false, E, H, n, f.dv.By(E), h.By(H), 1, dw.Columns(H))
	f.sumRows(f.du, n, E, f.slope(o.first.b).By(1))
	f.sumRows(f.dbias, n, E, f.slope(o.last.b).By(1))
	f.sumRows(f.dcolumns, n, E, dw.Columns(2*H))
	f.sumRows(f.dcolumns.Part(n*E, n*E), n, E, dw.Columns(2*H+1))
	if o.head.Len() > 0 {
		f.sumRows(f.dhead, n, E, f.slope(o.head).By(1))
	}
}

// sumRows adds the sum of rows (n, cols) to a column of so many numbers.
func (f *Field) sumRows(rows cuda.Memory, n, cols int, to cuda.Matrix) {
	f.dev.Gemm(true, false, cols, 1, n, rows.By(cols), f.ones.By(1), 1, to)
}
