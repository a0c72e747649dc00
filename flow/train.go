package flow

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"equifm/autograd"
	"equifm/eot"
	"equifm/nn"

	"golang.org/x/sync/errgroup"
)

// Settings is how a network is trained. EquiFM on QM9 has both transports, the
// weights Published, uniform times, batch 64, EMA 0.9999.
type Settings struct {
	Path    Path
	Output  Output
	Align   eot.Options
	Weights Weights
	Times   TimeLaw
	Batch   int // molecules a step
	Shard   int // molecules a shard; part of what is computed, unlike Workers
	EMA     float64
	Warm    bool // the average forgets its first values faster, see nn.EMA
	Seed    uint64
	Workers int // goroutines; changes the speed, not one bit of the result
}

// Trainer takes steps of stochastic gradient descent. A step's molecules, times
// and noise depend on the seed and the step's number alone.
type Trainer[T autograd.Float] struct {
	Settings
	Net       Network[T]
	Optimizer nn.Optimizer[T]
	Average   *nn.EMA[T]
	Clipper   nn.Clipper
	LR        float64 // learning rate; set it before any step to follow a schedule
	Steps     int     // taken so far

	examples          []Example[T]
	features, context int
	order             []int // of the examples in epoch, by index
	epoch             int   // of order; -1 before the first
	shuffle           stream

	now, next []shard[T] // shards of this step and, drawn meanwhile, of the next
	drawn     int        // step that next is for; -1 for none
	workers   []worker[T]
	grads     [][]T // (parameters) one a shard
	views     []nn.View[T]
	parts     []Parts
	bySize    []pick

	validation validation[T]
}

// worker is what one goroutine needs of its own.
type worker[T autograd.Float] struct {
	tape  *autograd.Tape[T]
	align *eot.Aligner
}

// Report is what a step says of itself.
type Report struct {
	Step   int // counted from 1
	Loss   Parts
	Norm   float64 // of the gradient before clipping
	Scale  float64 // what clipping multiplied it by
	Atoms  int     // in the batch
	Pairs  int     // of atoms of one molecule, ordered, in the batch
	Rounds float64 // of the alignment, mean over the batch
}

// NewTrainer checks the settings and the examples, which must be of one width.
// The learning rate is EDM's for QM9, 1e-4, until set otherwise.
func NewTrainer[T autograd.Float](s Settings, net Network[T], o nn.Optimizer[T], examples []Example[T]) (*Trainer[T], error) {
	if len(examples) == 0 {
		return nil, errors.New("flow: no molecules to train on")
	}
	if s.Batch < 1 || s.Shard < 1 || s.Workers < 1 {
		return nil, fmt.Errorf("flow: batch %d, shard %d, workers %d: expected at least 1 each", s.Batch, s.Shard, s.Workers)
	}
	first := &examples[0]
	tr := &Trainer[T]{Settings: s, Net: net, Optimizer: o, Average: nn.NewEMA(net.Params(), s.EMA), LR: 1e-4,
		examples: examples, features: len(first.H) / max(1, first.Atoms()), context: len(first.Context),
		epoch: -1, drawn: -1, shuffle: newStream()}
	for k := range examples {
		e := &examples[k]
		if n := e.Atoms(); n < 1 || len(e.X) != 3*n || len(e.H) != n*tr.features || len(e.Context) != tr.context {
			return nil, fmt.Errorf("flow: molecule %d of the training set: %d coordinates, %d features and %d context values; expected an atom or more, of 3 and %d each, and %d",
				k+1, len(e.X), len(e.H), len(e.Context), tr.features, tr.context)
		}
	}
	tr.Average.Warm = s.Warm
	tr.allocate()
	return tr, nil
}

func (tr *Trainer[T]) allocate() {
	shards := 1 + (tr.Batch-1)/tr.Shard
	tr.now, tr.next = make([]shard[T], shards), make([]shard[T], shards)
	tr.grads, tr.views, tr.parts = make([][]T, shards), make([]nn.View[T], shards), make([]Parts, shards)
	for k := range shards {
		for _, s := range []*shard[T]{&tr.now[k], &tr.next[k]} {
			s.random, s.path, s.batch = newStream(), tr.Path, tr.Batch
		}
		tr.grads[k] = make([]T, len(tr.Net.Params().Data))
		tr.views[k] = tr.Net.Params().Bind(tr.grads[k])
	}
	for range min(tr.Workers, 2*shards) {
		tr.workers = append(tr.workers, worker[T]{autograd.NewTape[T](), eot.New(tr.Align)})
	}
}

// Step draws a batch, takes its gradient and moves the parameters and their
// average. A loss or gradient that is not finite is an error, and leaves the
// parameters as they were.
func (tr *Trainer[T]) Step() (Report, error) {
	step := tr.Steps // counted from 0 here
	if err := tr.pass(step); err != nil {
		return Report{}, fmt.Errorf("flow: step %d: %w", step+1, err)
	}
	r := Report{Step: step + 1}
	for k := range tr.now {
		r.Loss.add(tr.parts[k])
		for _, n := range tr.now[k].sizes {
			r.Atoms, r.Pairs = r.Atoms+n, r.Pairs+n*(n-1)
		}
		r.Rounds += float64(tr.now[k].rounds) / float64(tr.Batch)
	}
	grad := tr.grads[0]
	nn.SumShards(grad, tr.grads, tr.Workers)
	r.Norm = nn.Norm(grad, tr.Workers)
	if math.IsNaN(r.Norm+r.Loss.Total) || math.IsInf(r.Norm+r.Loss.Total, 0) {
		return r, fmt.Errorf("flow: step %d: loss %v, gradient norm %v: a smaller learning rate may help", r.Step, r.Loss.Total, r.Norm)
	}
	r.Scale = tr.Clipper.Scale(r.Norm)
	tr.Optimizer.Step(grad, tr.LR, r.Scale, tr.Workers)
	tr.Steps++
	tr.Average.Update(tr.Net.Params(), tr.Workers)
	return r, nil
}

// pass runs the shards of a step through the network, and draws those of the
// next step where a worker would wait for the last gradient.
func (tr *Trainer[T]) pass(step int) error {
	shards := len(tr.now)
	if tr.drawn != step { // the first step, or the first after resuming
		tr.deal(step)
		if err := tr.share(shards, func(w *worker[T], k int) error { return tr.draw(w, k, step) }); err != nil {
			return err
		}
	}
	tr.now, tr.next = tr.next, tr.now
	tr.deal(step + 1)
	tr.drawn = step + 1
	return tr.share(2*shards, func(w *worker[T], k int) error {
		if k >= shards {
			return tr.draw(w, k-shards, step+1)
		}
		clear(tr.grads[k])
		s := &tr.now[k]
		p, err := s.predict(w.tape, tr.Net, tr.views[k], tr.Output, tr.features)
		if err != nil {
			return err
		}
		loss, parts := s.loss(w.tape, p, tr.Weights)
		w.tape.Backward(loss)
		tr.parts[k] = parts
		return nil
	})
}

// share gives tasks 0 … n-1 to the workers, each the next when it is free.
func (tr *Trainer[T]) share(n int, task func(w *worker[T], k int) error) error {
	var g errgroup.Group
	var next atomic.Int64
	for i := range tr.workers {
		w := &tr.workers[i]
		g.Go(func() error {
			for {
				k := int(next.Add(1)) - 1
				if k >= n {
					return nil
				}
				if err := task(w, k); err != nil {
					return err
				}
			}
		})
	}
	return g.Wait()
}

// draw fills a shard of the next step.
func (tr *Trainer[T]) draw(w *worker[T], k, step int) error {
	d := drawing{tr.Seed, streamTrain, step, tr.Times}
	return tr.next[k].draw(d, tr.examples, tr.features, tr.context, w.align)
}

// deal picks the molecules of a step and deals them to the shards of next, the
// largest first, back and forth, so that shards take about equally long.
func (tr *Trainer[T]) deal(step int) {
	tr.bySize = tr.bySize[:0]
	for m := range tr.Batch {
		tr.bySize = append(tr.bySize, pick{m, tr.pick(step*tr.Batch + m)})
	}
	slices.SortStableFunc(tr.bySize, func(a, b pick) int {
		return cmp.Compare(tr.examples[b.index].Atoms(), tr.examples[a.index].Atoms())
	})
	shards := len(tr.next)
	for k := range tr.next {
		tr.next[k].picks = tr.next[k].picks[:0]
	}
	for m, p := range tr.bySize {
		k := m % shards
		if m/shards%2 == 1 {
			k = shards - 1 - k
		}
		tr.next[k].picks = append(tr.next[k].picks, p)
	}
}

// pick returns the example at a place in the endless sequence of epochs, each a
// shuffle of all examples.
func (tr *Trainer[T]) pick(place int) int {
	n := len(tr.examples)
	if epoch := place / n; epoch != tr.epoch {
		tr.epoch = epoch
		tr.order = resize(tr.order, n)
		for i := range tr.order {
			tr.order[i] = i
		}
		tr.shuffle.seed(tr.Seed, streamOrder, epoch, 0)
		tr.shuffle.Shuffle(n, func(i, j int) { tr.order[i], tr.order[j] = tr.order[j], tr.order[i] })
	}
	return tr.order[place%n]
}
