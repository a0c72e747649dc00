package egnn

import (
	"cmp"
	"fmt"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/nn"
)

// Shape is the size of a Regressor.
type Shape struct {
	Features int // F, channels of h
	Hidden   int // H, channels of an atom
	Edge     int // E, channels of a pair; 0 is H, as published
	Layers   int
}

// Regressor predicts one number of a molecule, which does not notice rotation,
// reflection, translation or numbering: EGNN without its coordinate update, as EDM's code
// judges properties (qm9/property_prediction/models_property.py).
//
//	h ← L h                                                                (N, H)
//	in each layer: m_ij and h_i as in a Field with attention, at the positions given
//	y = L(SiLU(L Σ_i L(SiLU(L h_i))))                                      (M, 1), of M molecules
//
// The messages are a Field's own, and so see d² twice, as now and as at the input.
type Regressor[T autograd.Float] struct {
	Shape
	field *Field[T] // whose operations the layers are
	atoms nn.MLP    // H → H → H, of every atom
	whole nn.MLP    // H → H → 1, of their sum
}

// NewRegressor returns one with every parameter zero; Init or a file fills them in.
func NewRegressor[T autograd.Float](s Shape) (*Regressor[T], error) {
	c := Config{Features: s.Features, Hidden: s.Hidden, Edge: s.Edge, Layers: s.Layers, Attention: true, CoordsRange: 1, NormFactor: 1}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	p := new(nn.Params[T])
	f := &Field[T]{Config: c, budget: keepBytes, params: p, embed: nn.NewLinear(p, "embed", s.Features, s.Hidden)}
	H, E := c.Hidden, c.edge()
	for k := range s.Layers {
		name := fmt.Sprintf("layers.%d.", k)
		f.layers = append(f.layers, layer{edge: nn.NewMLP(p, name+"edge_mlp", 2*H+2, E, E),
			att: nn.NewLinear(p, name+"att", E, 1), node: nn.NewMLP(p, name+"node_mlp", H+E, H, H)})
	}
	return &Regressor[T]{s, f, nn.NewMLP(p, "node_dec", H, H, H), nn.NewMLP(p, "graph_dec", H, H, 1)}, nil
}

// Init draws the parameters as PyTorch's defaults do.
func (r *Regressor[T]) Init(rng *rand.Rand) {
	nn.InitLinear(r.field.params, r.field.embed, rng)
	perceptrons := []nn.MLP{r.atoms, r.whole}
	for _, l := range r.field.layers {
		nn.InitLinear(r.field.params, l.att, rng)
		perceptrons = append(perceptrons, l.edge, l.node)
	}
	for _, m := range perceptrons {
		nn.InitLinear(r.field.params, m.First, rng)
		nn.InitLinear(r.field.params, m.Last, rng)
	}
}

// Params returns the parameters.
func (r *Regressor[T]) Params() *nn.Params[T] { return r.field.params }

// Forward returns the prediction (M, 1) for M molecules whose atoms are laid one after
// another, sizes atoms each, with positions x (N, 3), Å, and features h (N, F).
func (r *Regressor[T]) Forward(t *autograd.Tape[T], v nn.View[T], sizes []int, x, h *autograd.Tensor[T]) *autograd.Tensor[T] {
	if h.Cols != r.Features || x.Cols != 3 || h.Rows != x.Rows {
		panic(fmt.Sprintf("egnn: Regressor.Forward: x %v, h %v with %d features", x, h, r.Features))
	}
	f := r.field
	h = nn.Apply(t, v, f.embed, h)
	ws := newWorkspace(t, sizes, f.Config, f.budget, x, h.Grad != nil || x.Grad != nil)
	for _, l := range f.layers {
		messages := f.newMessages(t, v, l.edge, l.att, ws, h, x)
		ws.byColumns.run(t)
		nodes := f.newNodes(t, v, l, ws, h, x)
		h = nodes.update(t, messages.sum(t, x))
	}
	return r.readOut(t, v, sizes, h)
}

// readOut returns the prediction from the atoms' features h (N, H).
func (r *Regressor[T]) readOut(t *autograd.Tape[T], v nn.View[T], sizes []int, h *autograd.Tensor[T]) *autograd.Tensor[T] {
	of := autograd.OpStruct[owners](t)
	of.molecule = of.molecule[:0]
	for m, n := range sizes {
		for range n {
			of.molecule = append(of.molecule, int32(m))
		}
	}
	sum := autograd.SegmentSum(t, nn.ApplyMLP(t, v, r.atoms, h), of.molecule, len(sizes)) // (M, H)
	return nn.ApplyMLP(t, v, r.whole, sum)
}

// owners is the molecule of every atom.
type owners struct{ molecule []int32 } // (N)

// Parameters returns how many parameters a regressor of this shape has, without making
// one.
func (s Shape) Parameters() int {
	h, e := s.Hidden, cmp.Or(s.Edge, s.Hidden)
	layer := e*(2*h+2) + e + e*e + e + e + 1 + h*(h+e) + h + h*h + h // messages with their gate, node
	return s.Features*h + h + s.Layers*layer + 3*(h*h+h) + h + 1
}
