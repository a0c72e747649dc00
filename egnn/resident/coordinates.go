package resident

import "equifm/autograd/cuda"

// coordinates moves the positions of layer l: y_i = x_i + Σ_j (x_i-x_j)/(d_ij+c)·s_ij / norm with
// s = w·m, and s ← range·tanh(s) if bounded: EGNN eq. 4, EDM eq. 12.
func (f *Field) coordinates(l int) {
	o := &f.ops[2*l+1]
	f.byAtom(o, f.h[l+1])
	f.takeColumns(o)
	for _, p := range f.pieces {
		if p.pairs > 0 {
			f.activate(o, p, false)
			f.headParts(o, p, cuda.Memory{}, f.weight(o.head).Memory)
			f.dev.Launch("coordinate_weight", p.pairs, cuda.Int(f.groups()), f.parts, p.of(f.d, 2), f.bound(), cuda.Float(f.net.NormConstant), f.norm(),
				p.of(o.s, 1), f.weightOf(p))
		}
	}
	f.dev.Launch("coordinate_shift", 3*f.atoms, f.start, f.first, f.count, f.x[l], f.workspace.weight, f.x[l+1])
}

// bound is the range of s, 0 for none.
func (f *Field) bound() cuda.Float {
	if f.net.Tanh {
		return cuda.Float(f.net.CoordsRange)
	}
	return 0
}

// coordinatesBack takes the gradient dx of the positions moved back to those before, in dx,
// and to h, whose gradient is dh.
func (f *Field) coordinatesBack(l int) {
	o := &f.ops[2*l+1]
	f.takeColumns(o)
	for _, p := range f.pieces {
		f.activate(o, p, true)
		ds := cuda.Memory{}
		if p.pairs > 0 {
			ds = p.of(f.ds, 1)
			f.dev.Launch("coordinate_back", p.pairs, p.of(f.pi, 1), p.of(f.pj, 1), f.x[l], f.dx, p.of(f.d, 2), p.of(o.s, 1),
				f.bound(), cuda.Float(f.net.NormConstant), f.norm(), f.weightOf(p), ds, p.of(f.dd, 1))
		}
		f.carry(o, p, ds, cuda.Memory{}, cuda.Memory{}, 1)
	}
	f.positionBack(l, f.workspace.weight)
	f.finish(o, f.h[l+1])
}

// positionBack takes the gradients of the squared distances at x of layer l, and with
// weights those of the positions that they moved, to dx.
func (f *Field) positionBack(l int, weight cuda.Memory) {
	f.dev.Launch("position_back", 3*f.atoms, f.start, f.first, f.count, f.x[l], weight, f.dd, f.dx, f.dxNext)
	f.dx, f.dxNext = f.dxNext, f.dx
}
