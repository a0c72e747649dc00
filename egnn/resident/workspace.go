package resident

import "equifm/autograd/cuda"

// workspace is the numbers of one pass on the card.
type workspace struct {
	in   cuda.Memory   // (N, F+1+C) features, time, context
	h    []cuda.Memory // (N, H) by layer, and what comes out of the last
	x    []cuda.Memory // (N, 3) likewise, Å
	agg  []cuda.Memory // (N, E) by layer: messages summed
	node []cuda.Memory // (N, H) by layer: W1·[h, agg]
	out  cuda.Memory   // (N, F)

	d               cuda.Memory // (P, 2) squared distances now and at the input, Å²
	weight          cuda.Memory // (P) what a message weighs
	ds, dd          cuda.Memory // (P) gradients of s and of the squared distances
	columns         cuda.Memory // (2, E) the columns of W1 for those
	a, z, da        cuda.Memory // (pairs of a piece, E)
	parts           cuda.Memory // (pairs of a piece, groups of channels)
	du, dv          cuda.Memory // (N, E) gradients of the first linear, by atoms
	dhead, dbias    cuda.Memory // (N, E) of the head and the last bias, by receivers
	dcolumns        cuda.Memory // (2, N, E) of the columns of W1, by receivers
	hidden, dhidden cuda.Memory // (N, H) inside a node's perceptron
	dh, dout        cuda.Memory // (N, H), (N, F)
	dagg            cuda.Memory // (N, E)
	dx, dxNext      cuda.Memory // (N, 3)
	ones            cuda.Memory // (N or P)
}

// reserve makes room for the batch that f has, to learn or not.
func (f *Field) reserve(learn bool) {
	w, n, L := &f.workspace, f.atoms, f.net.Layers
	H, E, F := f.net.Hidden, f.edge, f.net.Features
	for len(w.h) <= L {
		w.h, w.x = append(w.h, cuda.Memory{}), append(w.x, cuda.Memory{})
		w.agg, w.node = append(w.agg, cuda.Memory{}), append(w.node, cuda.Memory{})
	}
	most, pairs := 1, max(f.pairs, 1)
	for _, p := range f.pieces {
		most = max(most, p.pairs)
	}
	grow := func(n int, memory ...*cuda.Memory) {
		for _, m := range memory {
			f.dev.Grow(m, n)
		}
	}
	for l := range L + 1 {
		grow(n*H, &w.h[l], &w.node[l])
		grow(n*3, &w.x[l])
		grow(n*E, &w.agg[l])
	}
	grow(n*(F+1+f.net.Context), &w.in)
	grow(n*F, &w.out)
	grow(2*pairs, &w.d)
	grow(pairs, &w.weight)
	grow(2*E, &w.columns)
	grow(most*E, &w.a)
	grow(most*f.groups(), &w.parts)
	grow(n*H, &w.hidden)
	for k := range f.ops {
		grow(n*E, &f.ops[k].u, &f.ops[k].v)
		grow(pairs, &f.ops[k].s)
	}
	if f.keep = learn && len(f.ops)*pairs*E*4 <= f.budget; !f.keep {
		grow(most*E, &w.z)
	}
	if !learn {
		return
	}
	grow(pairs, &w.ds, &w.dd)
	grow(most*E, &w.da)
	grow(n*E, &w.du, &w.dv, &w.dagg, &w.dhead, &w.dbias)
	grow(2*n*E, &w.dcolumns)
	grow(n*H, &w.dhidden, &w.dh)
	grow(n*F, &w.dout)
	grow(n*3, &w.dx, &w.dxNext)
	if longest := max(n, pairs); w.ones.Len() < longest {
		grow(longest, &w.ones)
		f.dev.Fill(w.ones, 1)
	}
	for k := range f.ops {
		if f.keep {
			grow(pairs*E, &f.ops[k].z)
		} else {
			f.dev.Free(&f.ops[k].z)
		}
	}
}
