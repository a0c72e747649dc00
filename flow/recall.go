package flow

import (
	"equifm/autograd"
	"equifm/nn"
)

// SelfConditioned is a Network that is also shown which molecule it saw behind the
// state a step earlier (Chen, Zhang & Hinton 2022, arXiv 2208.04202, section 3.2).
// A Sampler keeps that for it. In training, where there is no earlier step, half of
// a batch's shards are evaluated twice: what comes out first, without gradients, is
// what the network is then shown. Everything else treats it as any other network.
type SelfConditioned[T autograd.Float] interface {
	Network[T]
	// ForwardGiven is Forward, given the end point x0 (N, 3), h0 (N, F) that the
	// network saw, all zero where there is none yet.
	ForwardGiven(t *autograd.Tape[T], v nn.View[T], sizes []int, x, h, cond, x0, h0 *autograd.Tensor[T]) (qx, qh *autograd.Tensor[T], err error)
}

// asksForMore says whether a network is shown its own end points.
func asksForMore[T autograd.Float](net Network[T]) bool {
	_, yes := net.(SelfConditioned[T])
	return yes
}

// evaluate evaluates a network at a state, known being the end point it has seen;
// a network that does not ask is not shown it.
func evaluate[T autograd.Float](t *autograd.Tape[T], net Network[T], v nn.View[T], sizes []int, at State[T], cond []T, known State[T]) (fx, fh *autograd.Tensor[T], err error) {
	atoms := len(at.X) / 3
	matrix := func(data []T) *autograd.Tensor[T] { return t.Const(atoms, len(data)/atoms, data) }
	if self, ok := net.(SelfConditioned[T]); ok {
		return self.ForwardGiven(t, v, sizes, matrix(at.X), matrix(at.H), matrix(cond), matrix(known.X), matrix(known.H))
	}
	return net.Forward(t, v, sizes, matrix(at.X), matrix(at.H), matrix(cond))
}

// recall returns what a network is shown of the molecules: the end points that it
// sees without, as constants, where Twice says so, and zeros elsewhere.
func (b *Batch[T]) recall(t *autograd.Tape[T], net Network[T], v nn.View[T]) (known State[T], err error) {
	if !asksForMore(net) {
		return known, nil
	}
	known = State[T]{X: t.Slice(len(b.At.X)), H: t.Slice(len(b.At.H))}
	clear(known.X)
	clear(known.H)
	first, features := 0, 3*len(b.At.H)/len(b.At.X)
	for from, to := 0, 0; from < len(b.Twice); from = to {
		atoms := 0
		for to = from; to < len(b.Twice) && b.Twice[to] == b.Twice[from]; to++ {
			atoms += b.Sizes[to]
		}
		if b.Twice[from] {
			part := b.molecules(from, to, first)
			part.Twice = nil
			p, err := part.Predict(t, net, v.Constant())
			if err != nil {
				return known, err
			}
			part.endPoints(p, known.slice(first, atoms, features))
		}
		first += atoms
	}
	return known, nil
}

// endPoints writes the molecules that a prediction implies into data.
func (b *Batch[T]) endPoints(p Prediction[T], data State[T]) {
	q, first, features := State[T]{X: p.QX.Data, H: p.QH.Data}, 0, p.QH.Cols
	for m, n := range b.Sizes {
		EndPoint(b.Path, b.Times[m], b.At.slice(first, n, features), q.slice(first, n, features), data.slice(first, n, features))
		first += n
	}
}

// chooseTwice tosses a coin for every shard of the next batch, if the network asks.
func (tr *Trainer[T]) chooseTwice() {
	b := &tr.next
	b.Twice = b.Twice[:0]
	if !asksForMore(tr.Net) {
		return
	}
	for k, n := range b.Shards {
		tr.shuffle.seed(tr.Seed, streamTwice, b.step, k)
		twice := tr.shuffle.IntN(2) == 1
		for range n {
			b.Twice = append(b.Twice, twice)
		}
	}
}
