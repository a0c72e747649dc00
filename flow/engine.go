package flow

import (
	"equifm/autograd"
	"equifm/nn"
	"equifm/nn/parallel"
)

// Engine takes the gradient of a whole batch. The one that NewTrainer sets cuts it
// into shards for the processor's cores; another may give it to a device as it is,
// in one piece.
type Engine[T autograd.Float] interface {
	// Gradient returns the gradient of the batch's loss by the network's
	// parameters, flat and laid out as they are, and the loss. The gradient is the
	// engine's, and holds until the next call. The batch is not to change.
	//
	// idle draws molecules of the next batch until none is left. It is for hands
	// that would wait, of any number of goroutines at once, each with a call of its
	// own, and all calls must have returned when Gradient does. What nobody has
	// drawn by then the trainer draws.
	Gradient(b *Batch[T], idle func()) (grad []T, loss Parts, err error)
}

// Resident is an Engine that keeps what a step changes where it computes: parameters, their
// average and the optimiser's state. Its Gradient may return no gradient; those in the
// trainer are as of the last Fetch.
type Resident[T autograd.Float] interface {
	Engine[T]
	// Norm returns the Euclidean norm of the gradient that the last Gradient took.
	Norm() (float64, error)
	// Move moves the parameters against scale times that gradient at a learning rate, as
	// the trainer's optimiser does, and the average towards them.
	Move(lr, scale float64) error
	// Fetch brings all that has changed to where the trainer has it.
	Fetch() error
}

// shards takes the gradient of each part of a batch by itself and adds them up in
// the order of the parts: the same bits for any number of workers, and of ranks, each of
// which takes its own parts.
type shards[T autograd.Float] struct {
	net   Network[T]
	team  *parallel.Team
	ranks parallel.Ranks
	sum   *nn.RankSum[T] // nil without ranks

	tapes []*autograd.Tape[T] // one a hand
	grads [][]T               // (parameters) one a part of this rank's
	views []nn.View[T]
	parts []Parts // of all parts
}

func (s *shards[T]) Gradient(b *Batch[T], idle func()) ([]T, Parts, error) {
	n := len(b.Shards)
	from, to := parallel.Own(s.ranks, n)
	s.reserve(to-from, n)
	err := s.team.Each(to-from, func(hand, k int) error {
		part, tape := b.Part(from+k), s.tapes[hand]
		tape.Reset()
		s.views[k].Forget()
		p, err := part.Predict(tape, s.net, s.views[k])
		if err != nil {
			return err
		}
		loss, parts := part.Objective(tape, p)
		tape.Backward(loss)
		s.views[k].Settle()
		s.parts[from+k] = parts
		return nil
	}, idle)
	if err != nil {
		return nil, Parts{}, err
	}
	var total Parts
	parallel.Share(s.ranks, s.parts)
	for _, p := range s.parts {
		total.add(p)
	}
	if s.ranks != nil {
		return s.sum.Sum(s.grads[:to-from], n, s.team.Hands()), total, nil
	}
	nn.SumShards(s.grads[0], s.grads[:n], s.team.Hands())
	return s.grads[0], total, nil
}

// newShards returns an engine of so many goroutines, at each of the ranks.
func newShards[T autograd.Float](net Network[T], workers int, ranks parallel.Ranks) *shards[T] {
	s := &shards[T]{net: net, team: parallel.NewTeam(workers), ranks: ranks}
	if ranks != nil {
		s.sum = nn.NewRankSum[T](ranks, len(net.Params().Data))
	}
	for range s.team.Hands() {
		s.tapes = append(s.tapes, autograd.NewTape[T]())
	}
	autograd.Join(s.team, s.tapes)
	return s
}

// reserve makes room for this rank's parts, and for the losses of n.
func (s *shards[T]) reserve(own, n int) {
	for len(s.grads) < own {
		grad := make([]T, len(s.net.Params().Data))
		s.grads, s.views = append(s.grads, grad), append(s.views, s.net.Params().Bind(grad))
	}
	s.parts = resize(s.parts, n)
}
