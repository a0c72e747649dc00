package flow

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync/atomic"

	"equifm/autograd"
	"equifm/eot"
	"equifm/nn"
	"equifm/nn/parallel"
)

// Settings is how a network is trained. EquiFM on QM9 has both transports, the
// weights Published, uniform times, batch 64, EMA 0.9999.
type Settings struct {
	Path    Path
	Output  Output
	Rotate  bool    // every molecule, in training and validation, at random each time, before its noise is aligned
	Drop    float64 // probability that a training molecule's context is not shown, but zeros: for Sampler.Guidance
	Given   Shares  // of training molecules that are shown with types or a part given: for Sampler.Given
	Align   eot.Options
	Weights Weights
	Times   TimeLaw
	Batch   int  // molecules a step
	Shard   int  // molecules a shard; part of what is computed, unlike Workers
	Pairs   bool // shards are dealt by pairs of atoms, for molecules of very different sizes; part of what is computed
	EMA     float64
	Warm    bool // the average forgets its first values faster, see nn.EMA
	Seed    uint64
	Workers int // goroutines, 0 for as many as Go has processors; changes the speed, not one bit of the result

	// Ranks are processes that share the training out, each a Trainer of the same settings
	// on the same examples: of every batch a rank draws and takes its own shards. They all
	// end in the same parameters, to the bit those of a process alone. Nil is alone.
	Ranks parallel.Ranks
}

// Trainer takes steps of stochastic gradient descent. A step's molecules, poses, times
// and noise depend on the seed and the step's number alone.
type Trainer[T autograd.Float] struct {
	Settings
	Net       Network[T]
	Optimizer nn.Optimizer[T]
	Average   *nn.EMA[T]
	Clipper   nn.Clipper
	Engine    Engine[T] // takes the gradients; the processor's cores unless set otherwise
	LR        float64   // learning rate; set it before any step to follow a schedule
	Steps     int       // taken so far

	source            Source[T]
	features, context int
	order             []int // of the examples in epoch, by index
	epoch             int   // of order; -1 before the first
	shuffle           stream

	now, next drawn[T]        // the batch of this step and, drawn meanwhile, of the next
	ready     int             // step that next is for; -1 for none
	cursor    atomic.Int64    // molecules of next that somebody draws or has drawn
	drawers   chan *drawer[T] // that nobody draws with at the moment
	bySize    []pick

	validation validation[T]
}

// Report is what a step says of itself.
type Report struct {
	Step   int // counted from 1
	Loss   Parts
	Norm   float64 // of the gradient before clipping
	Scale  float64 // what clipping multiplied it by
	Atoms  int     // in the batch
	Pairs  int     // of atoms of one molecule, ordered, in the batch
	Rounds float64 // of the alignment, mean over what this rank drew of the batch

	ByTime [TimeBins]Parts // X and H of the molecules whose t lies in each tenth, added up
	Count  [TimeBins]int   // of these molecules
}

// NewTrainer checks the settings and the examples, which must be of one width.
// Workers 0 is as many as Go has processors. The learning rate is EDM's for QM9,
// 1e-4, until set otherwise.
func NewTrainer[T autograd.Float](s Settings, net Network[T], o nn.Optimizer[T], examples []Example[T]) (*Trainer[T], error) {
	tr, err := NewTrainerFrom(s, net, o, inMemory[T](examples))
	if err != nil {
		return nil, err
	}
	return tr, tr.check(examples, "training set")
}

// NewTrainerFrom is NewTrainer for examples that are asked for as they are needed. The
// first is looked at now; one that is not as wide as it ends the step that draws it.
func NewTrainerFrom[T autograd.Float](s Settings, net Network[T], o nn.Optimizer[T], source Source[T]) (*Trainer[T], error) {
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if source.Len() == 0 {
		return nil, errors.New("flow: no molecules to train on")
	}
	first, err := source.Example(0, new(Example[T]))
	if err != nil {
		return nil, err
	}
	tr := &Trainer[T]{Settings: s, Net: net, Optimizer: o, LR: 1e-4,
		source: source, features: len(first.H) / max(1, first.Atoms()), context: len(first.Context),
		epoch: -1, ready: -1, shuffle: newStream()}
	if err := cmp.Or(s.check(tr.features), s.Given.check(tr.context), checkNetwork(net)); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errors.New("flow: no optimiser to train with")
	}
	tr.Average = nn.NewEMA(net.Params(), s.EMA)
	tr.Average.Warm = s.Warm
	tr.Engine = newShards(net, s.Workers, s.Ranks)
	tr.drawers = make(chan *drawer[T], min(s.Workers, 2*s.Batch))
	return tr, nil
}

// Step draws a batch, takes its gradient and moves the parameters and their
// average. A loss or gradient that is not finite is an error, and leaves the
// parameters as they were.
func (tr *Trainer[T]) Step() (Report, error) {
	grad, loss, err := tr.gradient(tr.Steps)
	r := Report{Step: tr.Steps + 1, Loss: loss} // counted from 1 here
	if err != nil {
		return Report{}, fmt.Errorf("flow: step %d, seed %d: %w", r.Step, tr.Seed, err)
	}
	tr.now.share(tr.Ranks)
	for _, n := range tr.now.Sizes {
		r.Atoms, r.Pairs = r.Atoms+n, r.Pairs+n*(n-1)
	}
	r.Rounds = tr.now.meanRounds()
	resident, elsewhere := tr.Engine.(Resident[T])
	if r.Norm, err = norm(resident, grad, tr.Workers); err != nil {
		return r, fmt.Errorf("flow: step %d: %w", r.Step, err)
	}
	if math.IsNaN(r.Norm+r.Loss.Total) || math.IsInf(r.Norm+r.Loss.Total, 0) {
		return r, fmt.Errorf("flow: step %d, seed %d: loss %v, gradient norm %v, of %s: a smaller learning rate may help", r.Step, tr.Seed, r.Loss.Total, r.Norm, tr.now.culprits())
	}
	for m, t := range tr.now.Times {
		bin := timeBin(t)
		r.ByTime[bin].add(tr.now.Each[m])
		r.Count[bin]++
	}
	r.Scale = tr.Clipper.Scale(r.Norm)
	if elsewhere {
		if err := resident.Move(tr.LR, r.Scale); err != nil {
			return r, fmt.Errorf("flow: step %d: %w", r.Step, err)
		}
		tr.Steps++
		return r, nil
	}
	tr.Optimizer.Step(grad, tr.LR, r.Scale, tr.Workers)
	tr.Steps++
	tr.Average.Update(tr.Net.Params(), tr.Workers)
	return r, nil
}

// norm returns the gradient's, which may be a resident engine's.
func norm[T autograd.Float](r Resident[T], grad []T, workers int) (float64, error) {
	if r != nil {
		return r.Norm()
	}
	return nn.Norm(grad, workers), nil
}

// Fetch sees to it that the network's parameters, Average and Optimizer are as of the last
// step, where a Resident engine keeps them. Validate does.
func (tr *Trainer[T]) Fetch() error {
	if r, ok := tr.Engine.(Resident[T]); ok {
		return r.Fetch()
	}
	return nil
}

// gradient runs the batch of a step through the engine, and draws that of the next
// step where somebody would wait for the last gradient.
func (tr *Trainer[T]) gradient(step int) (grad []T, loss Parts, err error) {
	if tr.ready != step { // the first step, or the first after resuming
		tr.deal(step)
		if err := tr.drawRest(); err != nil {
			return nil, loss, err
		}
	}
	tr.now, tr.next = tr.next, tr.now
	tr.now.Output, tr.now.Weights, tr.now.Each = tr.Output, tr.Weights, resize(tr.now.Each, tr.Batch)
	clear(tr.now.Each)
	tr.deal(step + 1)
	grad, loss, err = tr.Engine.Gradient(&tr.now.Batch, tr.drawNext)
	if err != nil {
		err = fmt.Errorf("%w; it is of %s", err, tr.now.culprits())
	}
	if errNext := tr.drawRest(); err == nil {
		err = errNext
	}
	return grad, loss, err
}

// Redraw has the next batch drawn anew, since a schedule of Path has changed: what was
// drawn of it meanwhile is forgotten.
func (tr *Trainer[T]) Redraw() { tr.ready = -1 }

// check returns an error that names the first setting out of range, for examples
// with so many features an atom.
func (s *Settings) check(features int) error {
	switch {
	case s.Batch < 1 || s.Shard < 1 || s.Workers < 1:
		return fmt.Errorf("flow: batch %d, shard %d, workers %d: expected at least 1 each", s.Batch, s.Shard, s.Workers)
	case s.Ranks != nil && s.Ranks.Size() > s.shards():
		return fmt.Errorf("flow: %d ranks for the %d shards of a batch (batch %d, shard %d): expected a shard for each rank", s.Ranks.Size(), s.shards(), s.Batch, s.Shard)
	case !(s.EMA >= 0 && s.EMA < 1):
		return fmt.Errorf("flow: an average that keeps %v, expected 0 to less than 1", s.EMA)
	case !(s.Drop >= 0 && s.Drop < 1):
		return fmt.Errorf("flow: a context that is left out with probability %v, expected 0 to less than 1", s.Drop)
	case s.Times.Kind == PowerLaw && !(s.Times.Power > -1):
		return fmt.Errorf("flow: a density of t ∝ t^%v, expected a power above -1", s.Times.Power)
	case s.Times.Kind == LogNormal && s.Times.Of == nil:
		return errors.New("flow: times of log-normal noise, and no schedule whose noise it is")
	}
	return cmp.Or(s.Path.check(), s.Output.check(s.Path, features))
}

// checkNetwork returns an error for a network that is none.
func checkNetwork[T autograd.Float](net Network[T]) error {
	if net == nil || net.Params() == nil {
		return errors.New("flow: no network, or one without parameters")
	}
	return nil
}

// check returns an error that names the first of the examples that is not as wide
// as those that the trainer has.
func (tr *Trainer[T]) check(examples []Example[T], set string) error {
	if len(examples) == 0 {
		return fmt.Errorf("flow: the %s is empty", set)
	}
	for k := range examples {
		if err := tr.wide(&examples[k]); err != nil {
			return fmt.Errorf("flow: molecule %d of the %s: %w", k+1, set, err)
		}
	}
	return nil
}

// wide returns an error for an example that is not as wide as the trainer's first.
func (tr *Trainer[T]) wide(e *Example[T]) error {
	if n := e.Atoms(); n < 1 || len(e.X) != 3*n || len(e.H) != n*tr.features || len(e.Context) != tr.context {
		return fmt.Errorf("%d coordinates, %d features and %d context values; expected an atom or more, of 3 and %d each, and %d",
			len(e.X), len(e.H), len(e.Context), tr.features, tr.context)
	}
	switch z := e.Noise; {
	case z == nil:
	case len(z.X) != len(e.X) || len(z.H) != len(e.H):
		return fmt.Errorf("a noise of %d coordinates and %d features of its own, expected %d and %d", len(z.X), len(z.H), len(e.X), len(e.H))
	case tr.Align.Mode != eot.None || tr.Given.any():
		return errors.New("a noise of its own, with a transport or something given: expected neither, for they choose the noise")
	}
	return nil
}
