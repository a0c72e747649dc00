package egnn

import (
	"equifm/autograd"
	"equifm/nn"
)

// blockFused is one block of the network in fused operations: the
// same numbers as blockReference, without storing anything a pair.
func (f *Field[T]) blockFused(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) (hNew, xNew *autograd.Tensor[T]) {
	if f.Kind == Twin {
		return f.blockTwin(t, v, l, ws, h, x, x0)
	}
	h = f.nodes(t, v, l, ws, h, f.messages(t, v, l, ws, h, x, x0))
	return h, f.coordinates(t, v, l, ws, h, x, x0)
}

func newEdgeMLP[T autograd.Float](v nn.View[T], m nn.MLP, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) edgeMLP[T] {
	return edgeMLP[T]{ws: ws, h: h, x: x, x0: x0,
		w1: v.Tensor(m.First.W), b1: v.Tensor(m.First.B), w2: v.Tensor(m.Last.W), b2: v.Tensor(m.Last.B)}
}
