package egnn

import (
	"equifm/autograd"
	"equifm/nn"
)

// inputs returns how many numbers of an atom the first linear is given.
func (c Config) inputs() int {
	n := c.Features + 1 + c.Context // features, time, context
	if c.Kind == Twin {
		n += 3 // position
	}
	return n
}

// heads returns how many numbers the coordinates' head has.
func (c Config) heads() int {
	if c.Kind == Twin {
		return 3
	}
	return 1
}

// displacement is what a layer of the twin ends in. The twin is EGNN without its equivariance, at its cost. Trained
// alike, the two show what the symmetry is worth. The twin is given all that EGNN is
// given, the distances in e_ij too, and differs in two things: the positions at the
// input are three features more of an atom, and a displacement head takes the place of
// the coordinate update.
//
//	m_ij = SiLU(L(SiLU(L[h_i, h_j, e_ij])))                  as in EGNN
//	h_i  ← h_i + L(SiLU(L[h_i, Σ_j σ(L m_ij)·m_ij / norm]))  as in EGNN
//	m_ij = SiLU(L(SiLU(L[h_i, h_j, e_ij])))                  others, with the new h, as in EGNN
//	x_i  ← x_i + range·tanh(L Σ_j m_ij / norm)               three numbers read off them
//
// EGNN reads one number off every m_ij and weighs the direction x_i-x_j by it. Both
// leave the tanh out where the network has none.
//
// How a molecule is turned, or whether it is its mirror image, the twin has to learn from
// data that show it. GDM (Hoogeboom et al. 2022, arXiv 2203.17003, section 5) is a
// network of this kind that is given no distances.
type displacement[T autograd.Float] struct {
	field  *Field[T]
	view   nn.View[T]
	head   nn.Linear
	moving *messageOp[T] // the second perceptron's messages
}

func (f *Field[T]) newDisplacement(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x0 *autograd.Tensor[T]) *displacement[T] {
	d := autograd.OpStruct[displacement[T]](t)
	*d = displacement[T]{f, v, l.coordOut, f.newMessages(t, v, l.coord, nn.Linear{}, ws, h, x0)}
	return d
}

// move returns the positions moved.
func (d *displacement[T]) move(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	return d.field.displace(t, d.view, d.head, x, d.moving.sum(t, x))
}

// layerTwinReference is a layer of the twin op by op, as layerReference is for EGNN.
func (f *Field[T]) layerTwinReference(t *autograd.Tape[T], v nn.View[T], l layer, p *pairs, h, x, x0 *autograd.Tensor[T]) (hNew, xNew *autograd.Tensor[T]) {
	d := autograd.RowSum(t, autograd.Square(t, difference(t, x, p)))   // (P, 1) d², Å²
	d0 := autograd.RowSum(t, autograd.Square(t, difference(t, x0, p))) // (P, 1)
	e := autograd.Concat(t, d, d0)                                     // (P, 2)

	m := edgeReference(t, v, l.edge, p, h, e) // (P, E)
	if f.Attention {
		m = autograd.MulCol(t, m, autograd.Sigmoid(t, nn.Apply(t, v, l.att, m)))
	}
	sum := func(m *autograd.Tensor[T]) *autograd.Tensor[T] { // (N, E)
		return autograd.Scale(t, T(1/f.NormFactor), autograd.SegmentSum(t, m, p.i, x.Rows))
	}
	h = nodeUpdate(t, v, l.node, h, sum(m))
	m = edgeReference(t, v, l.coord, p, h, e)
	return h, f.displace(t, v, l.coordOut, x, sum(m))
}

// displace returns the positions moved as the head reads it off moving (N, E), the
// second perceptron's messages summed at every atom.
func (f *Field[T]) displace(t *autograd.Tape[T], v nn.View[T], head nn.Linear, x, moving *autograd.Tensor[T]) *autograd.Tensor[T] {
	step := nn.Apply(t, v, head, moving) // (N, 3), Å
	if f.Tanh {
		step = autograd.Scale(t, T(f.CoordsRange), autograd.Tanh(t, step))
	}
	return autograd.Add(t, x, step)
}
