package egnn

// Parameters returns how many parameters a field of this shape has, without
// making one.
func (c Config) Parameters() int {
	h, e, width := c.Hidden, c.edge(), c.Features+1+c.Context
	edge := e*(2*h+2) + e + e*e + e // two linears: [h_i, h_j, e_ij] → E → E
	node := h*(h+e) + h + h*h + h   // [h_i, Σ m_ij] → H → H
	layer := 2*edge + node + e      // messages, coordinates and their head, node
	if c.Attention {
		layer += e + 1
	}
	return width*h + h + h*width + width + c.Layers*layer
}

// FLOPs returns the floating-point operations that one evaluation needs for
// molecules of so many atoms and ordered pairs in all: two for each multiply-add of the matrix products,
// the first edge linears done once an atom, no pair twice, none with itself.
// Activations and sums are not counted. Training needs three times as many: the
// backward pass of a product is two products.
func (c Config) FLOPs(atoms, pairs int) float64 {
	h, e, width := float64(c.Hidden), float64(c.edge()), float64(c.Features+1+c.Context)
	perPair := 2*e*e + e // second linears of messages and coordinates, coordinate head
	if c.Attention {
		perPair += e // gate
	}
	perAtom := 4*h*e + h*(h+e) + h*h // first linears of both, sender and receiver; node update
	return 2 * (float64(c.Layers)*(float64(pairs)*perPair+float64(atoms)*perAtom) + 2*float64(atoms)*width*h)
}
