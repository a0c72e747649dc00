package resident

import "equifm/autograd/cuda"

// messages sums the messages of layer l at every atom into agg: y_i = Σ_j g_ij·m_ij / norm,
// g = σ(w·m + b), EGNN eq. 3 and 5, EDM eq. 12.
func (f *Field) messages(l int) {
	o := &f.ops[2*l]
	f.byAtom(o, f.h[l])
	f.takeColumns(o)
	for _, p := range f.pieces {
		if p.pairs > 0 {
			f.activate(o, p, false)
			f.gate(l, p)
		}
		f.byReceiver(p, f.weightOf(p), f.m, f.agg[l])
	}
}

// weightOf is a piece's weights; a piece without pairs has none.
func (f *Field) weightOf(p piece) cuda.Memory {
	if p.pairs == 0 {
		return cuda.Memory{}
	}
	return p.of(f.workspace.weight, 1)
}

// gate writes a piece's weights.
func (f *Field) gate(l int, p piece) {
	gated, bias := cuda.Int(0), cuda.Memory{}
	if f.net.Attention {
		gated, bias = 1, f.weight(f.layers[l].att.b).Memory
	}
	f.dev.Launch("gate", p.pairs, gated, p.of(f.s, 1), bias, f.norm(), f.weightOf(p))
}

// messagesBack takes the gradient dagg of agg back to h, whose gradient is dh, and to x,
// whose gradient is dx.
func (f *Field) messagesBack(l int) {
	o, d, E := &f.ops[2*l], f.dev, f.edge
	f.takeColumns(o)
	for _, p := range f.pieces {
		if n := p.pairs; n > 0 {
			f.activate(o, p, true)
			f.gate(l, p)
			ds := cuda.Memory{}
			if f.net.Attention {
				// y_i = Σ_j weight·m, weight = σ(s + b)/norm  ⇒  ds = (m·dy_i)·weight·(1 - σ)
				ds = p.of(f.ds, 1)
				d.Launch("times_receiver", n*E, cuda.Int(E), p.of(f.pi, 1), f.m, f.dagg, f.da)
				d.Gemm(false, false, n, 1, E, f.da.By(E), f.ones.By(1), 0, ds.By(1))
				d.Launch("gate_back", n, f.weightOf(p), f.norm(), ds)
				// s = w·m + b  ⇒  dw += Σ ds·m, db += Σ ds
				d.Gemm(true, false, E, 1, n, f.m.By(E), ds.By(1), 1, f.slope(o.head).Memory.By(1))
				f.sumRows(ds.By(1), n, 1, f.layers[l].att.b)
			}
			f.messageBack(o, p, ds, f.weightOf(p), f.dagg)
			f.carry(o, p, 0)
		}
		f.gather(p)
	}
	f.positionBack(l, cuda.Memory{})
	f.finish(o, f.h[l])
}

// messageBack writes the gradient of z of a piece into m's place.
func (f *Field) messageBack(o *edgeOp, p piece, ds, weight, dy cuda.Memory) {
	head := cuda.Memory{}
	if ds.Len() > 0 {
		head = f.weight(o.head).Memory
	}
	f.dev.Launch("message_back", p.pairs*f.edge, cuda.Int(f.edge), p.of(f.pi, 1), f.zOf(o, p), f.weight(o.last.b).Memory, head, ds, weight, dy, f.m)
}

// norm divides the sums over pairs.
func (f *Field) norm() cuda.Float { return cuda.Float(f.net.NormFactor) }
