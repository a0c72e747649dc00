package oracle

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/datasets"
	"equifm/molecule"
	"equifm/nn"
	"equifm/nn/parallel"
)

// Train returns an oracle of a property, learned from those of some molecules that have
// it, and scaled by those held out that have it, as in EDM; where none of these does, by
// the former. say, unless it is nil, hears every step and its error in the property's
// unit. When ctx ends, Train does with its error.
func Train(ctx context.Context, c Config, learn, heldOut []molecule.Molecule, workers int, say func(step int, mae float64)) (*Oracle, error) {
	q, err := datasets.QuantityOf(c.Property)
	if err != nil {
		return nil, err
	}
	known, values, err := q.Known(learn)
	if err == nil && len(known) == 0 {
		err = fmt.Errorf("none of %d molecules to learn has the property %q", len(learn), c.Property)
	}
	if err != nil {
		return nil, err
	}
	scale, err := q.Stats(heldOut)
	if err != nil {
		if scale, err = q.Stats(known); err != nil {
			return nil, err
		}
	}
	o, err := newOracle(c, scale)
	if err != nil {
		return nil, err
	}
	s := student{oracle: o, workers: max(1, workers), epoch: -1}
	for i := range known {
		in, err := encode(&known[i])
		if err != nil {
			return nil, fmt.Errorf("molecule %d to learn: %w", i+1, err)
		}
		in.target = float32((values[i] - scale.Mean) / scale.MAD)
		s.examples = append(s.examples, in)
	}
	o.Learned = len(known)
	return o, s.learn(ctx, say)
}

// student is an oracle on its way.
type student struct {
	oracle   *Oracle
	examples []input
	workers  int
	order    []int // of the examples in epoch
	epoch    int

	tapes []*autograd.Tape[float32] // one a worker
	grads [][]float32               // one for every part of the batch
	views []nn.View[float32]
}

// learn takes the steps.
func (s *student) learn(ctx context.Context, say func(step int, mae float64)) error {
	c, params := s.oracle.Config, s.oracle.net.Params()
	s.reserve((c.Batch + together - 1) / together)
	optimizer, clipper := nn.NewAdamW(params), nn.Clipper{}
	for step := range c.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		grad, loss, err := s.gradient(step)
		if err != nil {
			return err
		}
		norm := nn.Norm(grad, s.workers)
		if math.IsNaN(norm+loss) || math.IsInf(norm+loss, 0) {
			return fmt.Errorf("oracle of %s: step %d: loss %v, gradient norm %v: a smaller lr may help", c.Property, step+1, loss, norm)
		}
		lr := c.LR * 0.5 * (1 + math.Cos(math.Pi*float64(step)/float64(c.Steps)))
		optimizer.Step(grad, lr, clipper.Scale(norm), s.workers)
		if say != nil {
			say(step+1, s.oracle.Scale.MAD*loss)
		}
	}
	return nil
}

// reserve makes room for so many parts of a batch.
func (s *student) reserve(parts int) {
	params := s.oracle.net.Params()
	for range min(s.workers, parts) {
		s.tapes = append(s.tapes, autograd.NewTape[float32]())
	}
	for range parts {
		grad := make([]float32, len(params.Data))
		s.grads, s.views = append(s.grads, grad), append(s.views, params.Bind(grad))
	}
}

// gradient returns that of a step's batch, and its loss. The batch is cut into parts,
// which are summed in order: the same bits for any number of workers.
func (s *student) gradient(step int) ([]float32, float64, error) {
	size, losses := s.oracle.Config.Batch, make([]float64, len(s.grads))
	inputs := make([]input, size)
	for m := range inputs {
		inputs[m] = s.examples[s.pick(step*size+m)]
	}
	err := parallel.Each(len(s.grads), len(s.tapes), func(w, k int) error {
		part, tape := inputs[k*together:min((k+1)*together, size)], s.tapes[w]
		tape.Reset()
		s.views[k].Forget()
		sizes, x, h := batch(tape, part)
		var target []float32
		for _, in := range part {
			target = append(target, in.target)
		}
		loss := absolute(tape, s.oracle.net.Forward(tape, s.views[k], sizes, x, h), target, size)
		tape.Backward(loss)
		s.views[k].Settle()
		losses[k] = float64(loss.Data[0])
		return nil
	})
	total := 0.0
	for _, l := range losses {
		total += l
	}
	nn.SumShards(s.grads[0], s.grads, s.workers)
	return s.grads[0], total, err
}

// pick returns the example at a place in the endless sequence of epochs, each a shuffle
// of all.
func (s *student) pick(place int) int {
	n := len(s.examples)
	if epoch := place / n; epoch != s.epoch {
		s.epoch = epoch
		s.order = rand.New(rand.NewPCG(s.oracle.Config.Seed, uint64(epoch)+1)).Perm(n)
	}
	return s.order[place%n]
}
