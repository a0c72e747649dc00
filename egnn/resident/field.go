package resident

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"equifm/autograd"
	"equifm/autograd/cuda"
	"equifm/egnn"
	"equifm/nn"
)

// Field is an egnn.Field that a card evaluates: a flow.Network. Goroutines may share it
// to evaluate, and take turns; a pass that is to go backward has to before the next begins.
type Field struct {
	dev *cuda.Device
	net *egnn.Field[float32]

	embed, out linear
	layers     []layer
	ops        []edgeOp // the message and the coordinate operation of every layer

	edge   int // E
	rows   int // most pairs of a piece
	budget int // bytes that a pass may keep of its pairs for backward
	keep   bool

	mu            sync.Mutex
	params, grads cuda.Memory
	shown         nn.View[float32] // whose numbers params are, where it is frozen
	held          bool             // params are the card's own: not to be taken from a view, nor gradients given to one
	passes        int              // so far
	lists         lists
	batch
	workspace
}

// pieceNumbers is how many numbers of pairs are computed together, 256 MB of them: at E = 256
// the pairs of some 850 molecules of QM9. Smaller pieces take less memory and more launches.
const pieceNumbers = 1 << 26

// New returns the field on a card. Of its memory, passes that go backward may keep so many
// bytes for what would be computed again otherwise; not a bit of the result depends on it.
func New(d *cuda.Device, net *egnn.Field[float32], budget int) (*Field, error) {
	if net.Kind != egnn.EGNN {
		return nil, errors.New("resident: network.kind = \"twin\" is computed on processors alone; expected \"egnn\"")
	}
	f := &Field{dev: d, net: net, budget: budget, edge: net.Edge}
	if f.edge == 0 {
		f.edge = net.Hidden
	}
	f.rows = pieceNumbers / f.edge
	f.embed, f.out, f.layers = blocks(net)
	for _, l := range f.layers {
		f.ops = append(f.ops, edgeOp{perceptron: l.edge, head: l.att.w}, edgeOp{perceptron: l.coord, head: l.coordOut.w})
	}
	defer d.Bind()()
	f.params, f.grads = d.New(len(net.Params().Data)), d.New(len(net.Params().Data))
	return f, d.Err()
}

// Params returns the network's own parameters, which are in the processor's memory.
func (f *Field) Params() *nn.Params[float32] { return f.net.Params() }

// Forward is egnn.Field.Forward on the card. It has no gradient by the state.
func (f *Field) Forward(t *autograd.Tape[float32], v nn.View[float32], sizes []int, x, h, cond *autograd.Tensor[float32]) (qx, qh *autograd.Tensor[float32], err error) {
	if x.Grad != nil || h.Grad != nil || cond.Grad != nil {
		return nil, nil, errors.New("resident: a gradient by the state is computed on processors alone")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.dev.Bind()()
	learn := v.Tensor(f.embed.w).Grad != nil
	f.show(v)
	f.batch.set(f.dev, &f.lists, sizes, f.rows)
	for _, p := range f.pieces {
		if p.pairs*f.edge > math.MaxInt32/9*8 { // memory is taken with an eighth more
			return nil, nil, fmt.Errorf("resident: %d pairs of atoms of one molecule by %d channels, expected at most %d numbers: take the processor", p.pairs, f.edge, math.MaxInt32/9*8)
		}
	}
	f.reserve(learn)
	moved, qh := t.Result(x.Rows, 3, learn), t.Result(x.Rows, f.net.Features, learn)
	f.dev.Write(f.workspace.x[0], x.Data)
	f.dev.Write(f.in, autograd.Concat(t, h, cond).Data)
	f.forward()
	f.dev.Read(moved.Data, f.workspace.x[f.net.Layers])
	f.dev.Read(qh.Data, f.workspace.out)
	if err := f.dev.Err(); err != nil {
		return nil, nil, err
	}
	f.passes++
	if learn {
		t.Record(&passOp{f, v, moved, qh, f.passes})
	}
	qx = autograd.Center(t, autograd.Sub(t, moved, x), sizes)
	return qx, qh, egnn.CheckFinite(sizes, qx, qh)
}

// show copies a view's parameters to the card, unless they are there.
func (f *Field) show(v nn.View[float32]) {
	if f.held || v.Frozen(f.shown) {
		return
	}
	for _, b := range f.net.Params().Blocks {
		f.dev.Write(f.weight(b).Memory, v.Tensor(b).Data)
	}
	f.shown = v
}
