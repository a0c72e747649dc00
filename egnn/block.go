package egnn

import (
	"equifm/autograd"
	"equifm/nn"
)

// layersFused is layers of the network in fused operations: the same numbers as
// layerReference, without storing anything a pair.
//
// Each time that all hands have to have ended costs them some of their time. So the
// products over atoms that an operation begins with wait from the moment that their
// input is known (new…) until they can be done beside the pairs of the one before.
func (f *Field[T]) layersFused(t *autograd.Tape[T], v nn.View[T], layers []layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) (hNew, xNew *autograd.Tensor[T]) {
	messages := f.newMessages(t, v, layers[0].edge, layers[0].att, ws, h, x0)
	ws.byColumns.run(t)
	for i, l := range layers {
		nodes := f.newNodes(t, v, l, ws, h, x)
		h = nodes.update(t, messages.sum(t, x))
		shift := f.newShift(t, v, l, ws, h, x0)
		ws.byColumns.run(t)
		if i+1 < len(layers) {
			next := layers[i+1]
			messages = f.newMessages(t, v, next.edge, next.att, ws, h, x0)
		}
		x = shift.move(t, x)
	}
	return h, x
}

// shift moves the positions at the end of a layer.
type shift[T autograd.Float] interface {
	move(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T]
}

// newShift returns the layer's, for features h, its per-atom products still to be done.
func (f *Field[T]) newShift(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x0 *autograd.Tensor[T]) shift[T] {
	if f.Kind == Twin {
		return f.newDisplacement(t, v, l, ws, h, x0)
	}
	return f.newCoordinates(t, v, l, ws, h, x0)
}
