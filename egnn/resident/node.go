package resident

import "equifm/autograd/cuda"

// nodes updates the features of layer l: y = h + W2·SiLU(W1·[h, agg] + b1) + b2, EGNN eq. 6
// with a residual.
func (f *Field) nodes(l int) {
	d, n, H, E, o := f.dev, f.atoms, f.net.Hidden, f.edge, f.layers[l].node
	w1, z := f.weight(o.first.w), f.node[l].By(H)
	d.Gemm(false, true, n, H, H, f.h[l].By(H), w1, 0, z)
	d.Gemm(false, true, n, H, E, f.agg[l].By(E), w1.Columns(H), 1, z)
	d.Launch("bias_silu", n*H, cuda.Int(H), z.Memory, f.weight(o.first.b).Memory, f.hidden)
	d.Launch("add_bias", n*H, cuda.Int(H), f.h[l], f.weight(o.last.b).Memory, f.h[l+1])
	d.Gemm(false, true, n, H, H, f.hidden.By(H), f.weight(o.last.w), 1, f.h[l+1].By(H))
}

// nodesBack takes the gradient dh of the features updated back to those before, in dh, and
// to agg, in dagg.
func (f *Field) nodesBack(l int) {
	d, n, H, E, o := f.dev, f.atoms, f.net.Hidden, f.edge, f.layers[l].node
	w1, dw1, dz := f.weight(o.first.w), f.slope(o.first.w), f.dhidden.By(H)
	d.Launch("bias_silu", n*H, cuda.Int(H), f.node[l], f.weight(o.first.b).Memory, f.hidden)
	// y = h + W2·a + b2  ⇒  da = dy·W2, dW2 += dyᵀ·a, db2 += Σ dy
	d.Gemm(true, false, H, H, n, f.dh.By(H), f.hidden.By(H), 1, f.slope(o.last.w))
	f.sumRows(f.dh, n, H, f.slope(o.last.b).By(1))
	d.Gemm(false, false, n, H, H, f.dh.By(H), f.weight(o.last.w), 0, dz)
	// z = W1·[h, agg], a = SiLU(z + b1)  ⇒  dW1 += dzᵀ·[h, agg], db1 += Σ dz, d[h, agg] += dz·W1
	d.Launch("bias_silu_back", n*H, cuda.Int(H), f.node[l], f.weight(o.first.b).Memory, dz.Memory)
	d.Gemm(true, false, H, H, n, dz, f.h[l].By(H), 1, dw1)
	d.Gemm(true, false, H, E, n, dz, f.agg[l].By(E), 1, dw1.Columns(H))
	f.sumRows(dz.Memory, n, H, f.slope(o.first.b).By(1))
	d.Gemm(false, false, n, E, H, dz, w1.Columns(H), 0, f.dagg.By(E))
	d.Gemm(false, false, n, H, H, dz, w1, 1, f.dh.By(H))
}
