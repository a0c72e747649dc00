package egnn

import "equifm/autograd"

// scratch is one block's numbers, of whoever computes it; R = blockRows.
type scratch[T autograd.Float] struct {
	d, d0     []T // (R) squared distances now and at the input, Å²
	a, aSlope []T // (R, E) SiLU(W1·[h_i, h_j, d², d0²] + b1), its derivative
	z         []T // (R, E) W2·a
	m, mSlope []T // (R, E) SiLU(z + b2), its derivative
	s         []T // (R) w·m
	dz, da    []T // (R, E) gradients of z and a
	dd, dd0   []T // (R) gradients of d and d0
	ds        []T // (R) gradient of s

	gate gateBuffers[T]
	head headBuffers[T]
}

// take makes the buffers that a forward pass needs, and for a backward all.
func (s *scratch[T]) take(t *autograd.Tape[T], edge int, backward bool) {
	g, h := &s.gate, &s.head
	s.a, s.z, s.m = t.Slice(blockRows*edge), t.Slice(blockRows*edge), t.Slice(blockRows*edge)
	for _, b := range []*[]T{&s.d, &s.d0, &s.s, &g.input, &g.sigma, &g.weight, &h.length, &h.inverse, &h.tanh, &h.weight} {
		*b = t.Slice(blockRows)
	}
	if !backward {
		return
	}
	for _, b := range []*[]T{&s.aSlope, &s.mSlope, &s.dz, &s.da} {
		*b = t.Slice(blockRows * edge)
	}
	for _, b := range []*[]T{&s.dd, &s.dd0, &s.ds, &g.slope, &g.dweight, &h.slope, &h.dweight, &h.perLength} {
		*b = t.Slice(blockRows)
	}
}
