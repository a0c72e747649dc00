package egnn

import (
	"equifm/autograd"
	"equifm/nn"
)

// layerFused is one layer of the network in fused operations: the
// same numbers as layerReference, without storing anything a pair.
func (f *Field[T]) layerFused(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) (hNew, xNew *autograd.Tensor[T]) {
	if f.Kind == Twin {
		return f.layerTwin(t, v, l, ws, h, x, x0)
	}
	h = f.nodes(t, v, l, ws, h, f.messages(t, v, l, ws, h, x, x0))
	return h, f.coordinates(t, v, l, ws, h, x, x0)
}
