package resident

import "equifm/autograd/cuda"

// messages sums the messages of layer l at every atom into agg: y_i = Σ_j g_ij·m_ij / norm,
// g = σ(w·m + b), EGNN eq. 3 and 5, EDM eq. 12.
func (f *Field) messages(l int) {
	o := &f.ops[2*l]
	f.byAtom(o, f.h[l])
	f.takeColumns(o)
	for _, p := range f.pieces {
		f.activate(o, p, false)
		switch {
		case p.pairs == 0:
		case f.net.Attention:
			f.headParts(o, p, cuda.Memory{}, f.weight(o.head).Memory)
			f.dev.Launch("gate", p.pairs, cuda.Int(f.groups()), f.parts, f.weight(f.layers[l].att.b).Memory, f.norm(), p.of(o.s, 1), f.weightOf(p))
		default:
			f.dev.Fill(f.weightOf(p), 1/float32(f.norm()))
		}
		f.byReceiver("message_sum", p, f.start, f.count, f.weightOf(p), f.zOf(o, p), f.weight(o.last.b).Memory, f.agg[l])
	}
}

// weightOf is a piece's weights; a piece without pairs has none.
func (f *Field) weightOf(p piece) cuda.Memory {
	if p.pairs == 0 {
		return cuda.Memory{}
	}
	return p.of(f.workspace.weight, 1)
}

// messagesBack takes the gradient dagg of agg back to h, whose gradient is dh, and to x,
// whose gradient is dx.
func (f *Field) messagesBack(l int) {
	o, d := &f.ops[2*l], f.dev
	f.takeColumns(o)
	for _, p := range f.pieces {
		f.activate(o, p, true)
		ds := cuda.Memory{}
		switch {
		case p.pairs == 0:
		case f.net.Attention: // y_i = Σ_j weight·m, weight = σ(s + b)/norm  ⇒  ds = (m·dy_i)·weight·(1 - σ)
			ds = p.of(f.ds, 1)
			f.headParts(o, p, p.of(f.pi, 1), f.dagg)
			d.Launch("gate_back", p.pairs, cuda.Int(f.groups()), f.parts, p.of(o.s, 1), f.weight(f.layers[l].att.b).Memory, f.norm(), f.weightOf(p), ds)
		default:
			d.Fill(f.weightOf(p), 1/float32(f.norm()))
		}
		f.carry(o, p, ds, f.weightOf(p), f.dagg, 0)
	}
	if f.net.Attention && f.pairs > 0 { // s = w·m + b  ⇒  db += Σ ds
		f.sumRows(f.ds, f.pairs, 1, f.slope(f.layers[l].att.b).By(1))
	}
	f.positionBack(l, cuda.Memory{})
	f.finish(o, f.h[l])
}

// norm divides the sums over pairs.
func (f *Field) norm() cuda.Float { return cuda.Float(f.net.NormFactor) }
