package egnn

// Parameters returns how many parameters a field of this shape has, without
// making one.
func (c Config) Parameters() int {
	h, e, width, in := c.Hidden, c.edge(), c.Features+1+c.Context, c.inputs()
	edge := e*(2*h+2) + e + e*e + e      // two linears: [h_i, h_j, e_ij] → E → E
	node := h*(h+e) + h + h*h + h        // [h_i, Σ m_ij] → H → H
	layer := 2*edge + node + c.heads()*e // messages, coordinates and their head, node
	if c.Attention {
		layer += e + 1
	}
	return in*h + h + h*width + width + c.Layers*layer
}

// FLOPs returns the floating-point operations that one evaluation needs for
// molecules of so many atoms and ordered pairs in all: two for each multiply-add of the matrix products,
// the first edge linears done once an atom, no pair twice, none with itself.
// Activations and sums are not counted. Training needs three times as many: the
// backward pass of a product is two products.
func (c Config) FLOPs(atoms, pairs int) float64 {
	h, e, width, in := float64(c.Hidden), float64(c.edge()), float64(c.Features+1+c.Context), float64(c.inputs())
	perPair := 2 * e * e             // second linears of messages and coordinates
	perAtom := 4*h*e + h*(h+e) + h*h // first linears of both, sender and receiver; node update
	if c.Attention {
		perPair += e // gate
	}
	if head := float64(c.heads()) * e; c.Kind == Twin {
		perAtom += head
	} else {
		perPair += head
	}
	ends := (in + width) * h // first and last linear
	return 2 * (float64(c.Layers)*(float64(pairs)*perPair+float64(atoms)*perAtom) + float64(atoms)*ends)
}
