package resident

import (
	"fmt"

	"equifm/autograd/cuda"
	"equifm/egnn"
	"equifm/nn"
)

// layer is the blocks of one layer of the network, as egnn.Field names them.
type layer struct {
	edge, node, coord perceptron
	att               linear // of no blocks without attention
	coordOut          linear
}

// perceptron is Linear → SiLU → Linear, linear a weight and, unless it is empty, a bias.
type (
	perceptron struct{ first, last linear }
	linear     struct{ w, b nn.Block }
)

// blocks finds a field's blocks by their names.
func blocks(net *egnn.Field[float32]) (embed, out linear, layers []layer) {
	find := func(name string) (l linear) {
		l.w, _ = net.Params().Lookup(name + ".weight")
		l.b, _ = net.Params().Lookup(name + ".bias")
		return l
	}
	both := func(name string) perceptron { return perceptron{find(name + ".0"), find(name + ".2")} }
	for l := range net.Layers {
		name := fmt.Sprintf("layers.%d.", l)
		layers = append(layers, layer{edge: both(name + "edge_mlp"), node: both(name + "node_mlp"),
			coord: both(name + "coord_mlp"), att: find(name + "att"), coordOut: find(name + "coord_out")})
	}
	return find("embed"), find("out"), layers
}

// of returns a block's numbers in memory that is laid out as the parameters.
func of(all cuda.Memory, b nn.Block) cuda.Matrix { return all.Part(b.Offset, b.Len()).By(b.Cols) }

// weight returns a block of the parameters.
func (f *Field) weight(b nn.Block) cuda.Matrix { return of(f.params, b) }

// slope returns a block's gradient.
func (f *Field) slope(b nn.Block) cuda.Matrix { return of(f.grads, b) }
