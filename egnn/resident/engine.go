package resident

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"equifm/autograd"
	"equifm/autograd/cuda"
	"equifm/egnn"
	"equifm/flow"
	"equifm/nn"
)

// Engine takes whole steps of a trainer on a card: a flow.Resident. What depends on q̂ alone,
// path, alignment and loss, stays on the processor: q̂ comes down and its gradient goes up.
type Engine struct {
	field   *Field
	host    *nn.Params[float32]
	mover   mover
	average *nn.EMA[float32]
	ema     cuda.Memory // average's numbers
	parts   cuda.Memory // sums of squares
	tape    *autograd.Tape[float32]
	view    nn.View[float32]
	there   bool // what the trainer has was copied to the card
}

// mover is an optimiser on the card.
type mover interface {
	load()                            // what the optimiser on the processor has
	move(f *Field, lr, scale float64) // a step of the field's parameters
	fetch()                           // back to the optimiser on the processor
}

var _ flow.Resident[float32] = (*Engine)(nil)

// NewEngine returns the engine of a trainer of net, whose optimiser is one of package nn's.
// What trainer and optimiser hold it takes at the first step, so that a checkpoint may be
// loaded before. Of the card's memory, budget bytes may go to what would otherwise be
// computed again.
func NewEngine(d *cuda.Device, net *egnn.Field[float32], tr *flow.Trainer[float32], budget int) (*Engine, error) {
	f, err := New(d, net, budget)
	if err != nil {
		return nil, err
	}
	f.held = true
	e := &Engine{field: f, host: net.Params(), average: tr.Average, tape: autograd.NewTape[float32]()}
	defer d.Bind()()
	switch o := tr.Optimizer.(type) {
	case *nn.AdamW[float32]:
		e.mover = newAdamW(d, o)
	case *nn.Muon[float32]:
		if o.Poles > 0 {
			return nil, fmt.Errorf("resident: train.muon_poles = %d is computed on processors alone, expected 0", o.Poles)
		}
		e.mover = newMuon(d, o)
	default:
		return nil, fmt.Errorf("resident: an optimiser of type %T, expected *nn.AdamW or *nn.Muon", o)
	}
	e.ema, e.parts = d.New(len(e.host.Data)), d.New(squareParts)
	e.view = e.host.Bind(make([]float32, len(e.host.Data))) // says that the pass goes backward; nothing is written there
	return e, d.Err()
}

// Gradient has the card take the gradient, which stays there, while other goroutines draw
// the next batch.
func (e *Engine) Gradient(b *flow.Batch[float32], idle func()) (grad []float32, loss flow.Parts, err error) {
	var drawing sync.WaitGroup
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		drawing.Go(idle)
	}
	defer drawing.Wait()
	if err := e.load(); err != nil {
		return nil, loss, err
	}
	e.tape.Reset()
	p, err := b.Predict(e.tape, e.field, e.view)
	if err != nil {
		return nil, loss, err
	}
	total, loss := b.Objective(e.tape, p)
	e.tape.Backward(total)
	return nil, loss, e.field.dev.Err()
}

// load copies to the card what the trainer has.
func (e *Engine) load() error {
	if e.there {
		return nil
	}
	d := e.field.dev
	defer d.Bind()()
	d.Write(e.field.params, e.host.Data)
	d.Write(e.ema, e.average.Data)
	e.mover.load()
	e.there = true
	return d.Err()
}

// squareParts is how many partial sums the card makes of the squares of a gradient.
const squareParts = 1 << 12

// Norm returns the norm of the last gradient.
func (e *Engine) Norm() (float64, error) {
	d := e.field.dev
	defer d.Bind()()
	d.Launch("square_parts", squareParts, cuda.Int(e.field.grads.Len()), cuda.Int(squareParts), e.field.grads, e.parts)
	parts := make([]float32, squareParts)
	d.Read(parts, e.parts)
	var sum float64
	for _, p := range parts {
		sum += float64(p)
	}
	return math.Sqrt(sum), d.Err()
}

// Move takes the optimiser's step, and the average's.
func (e *Engine) Move(lr, scale float64) error {
	d := e.field.dev
	defer d.Bind()()
	e.mover.move(e.field, lr, scale)
	decay := e.average.Advance()
	d.Launch("blend", e.ema.Len(), cuda.Float(decay), e.ema, cuda.Float(1-decay), e.field.params, e.ema)
	return d.Err()
}

// Fetch copies parameters, average and the optimiser's state back.
func (e *Engine) Fetch() error {
	if !e.there {
		return nil
	}
	d := e.field.dev
	defer d.Bind()()
	d.Read(e.host.Data, e.field.params)
	d.Read(e.average.Data, e.ema)
	e.mover.fetch()
	return d.Err()
}
