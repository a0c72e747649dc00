package egnn

import (
	"fmt"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/nn"
)

// Field is the vector field: the network's shape and its parameters. It is
// read-only while it is evaluated, so goroutines share it, each with its own
// tape and nn.View.
type Field[T autograd.Float] struct {
	Config
	// Reference evaluates the edges as the paper writes them, with every pair's
	// hidden vector stored, instead of by the fused operations.
	Reference bool

	budget int // bytes that a pass may keep of its pairs
	params *nn.Params[T]
	embed  nn.Linear // F+1+C → H; the twin's F+1+C+3 → H, with the position
	out    nn.Linear // H → F+1+C
	layers []layer
}

// layer is the parameters of one layer of the network: messages, node update,
// coordinate update.
type layer struct {
	edge     nn.MLP    // [h_i, h_j, e_ij] → E → E, SiLU after both
	att      nn.Linear // E → 1
	node     nn.MLP    // [h_i, Σ m_ij] → H → H
	coord    nn.MLP    // [h_i, h_j, e_ij] → E → E, SiLU after both
	coordOut nn.Linear // E → 1, no bias; the twin's E → 3
}

// New returns the field with every parameter zero; Init or a checkpoint fills
// them in. Blocks are named as the PyTorch twin's state_dict names them.
func New[T autograd.Float](c Config) (*Field[T], error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	p := new(nn.Params[T])
	width := c.Features + 1 + c.Context
	f := &Field[T]{Config: c, budget: keepBytes, params: p,
		embed: nn.NewLinear(p, "embed", c.inputs(), c.Hidden),
		out:   nn.NewLinear(p, "out", c.Hidden, width)}
	for l := range c.Layers {
		f.layers = append(f.layers, newLayer(p, fmt.Sprintf("layers.%d.", l), c))
	}
	return f, nil
}

func newLayer[T autograd.Float](p *nn.Params[T], name string, c Config) (l layer) {
	H, E := c.Hidden, c.edge()
	l.edge = nn.NewMLP(p, name+"edge_mlp", 2*H+2, E, E)
	if c.Attention {
		l.att = nn.NewLinear(p, name+"att", E, 1)
	}
	l.node = nn.NewMLP(p, name+"node_mlp", H+E, H, H)
	l.coord = nn.NewMLP(p, name+"coord_mlp", 2*H+2, E, E)
	l.coordOut = nn.NewLinearNoBias(p, name+"coord_out", E, c.heads())
	return l
}

// coordGain is the Xavier gain of the coordinate head: small, so that an
// untrained network hardly moves the atoms (EGNN's published code).
const coordGain = 0.001

// Init draws the parameters as PyTorch's defaults do, and the coordinate heads
// Xavier uniform with gain 0.001.
func (f *Field[T]) Init(rng *rand.Rand) {
	nn.InitLinear(f.params, f.embed, rng)
	nn.InitLinear(f.params, f.out, rng)
	for _, l := range f.layers {
		for _, m := range []nn.MLP{l.edge, l.node, l.coord} {
			nn.InitLinear(f.params, m.First, rng)
			nn.InitLinear(f.params, m.Last, rng)
		}
		if f.Attention {
			nn.InitLinear(f.params, l.att, rng)
		}
		nn.InitXavier(f.params, l.coordOut, coordGain, rng)
	}
}

// Params returns the parameters.
func (f *Field[T]) Params() *nn.Params[T] { return f.params }

// Matrices returns the weights of the edge, node and coordinate perceptrons: the
// hidden matrices, for an optimiser that treats those apart, such as nn.Muon.
func (f *Field[T]) Matrices() (weights []nn.Block) {
	for _, l := range f.layers {
		for _, m := range []nn.MLP{l.edge, l.node, l.coord} {
			weights = append(weights, m.First.W, m.Last.W)
		}
	}
	return weights
}
