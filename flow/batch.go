package flow

import (
	"equifm/autograd"
	"equifm/nn"
)

// Batch is molecules at their times: what a network sees of them and what it should
// answer. They lie one after the other, in the order of Sizes.
type Batch[T autograd.Float] struct {
	Path    Path
	Output  Output
	Weights Weights

	Count  int       // B, molecules of the whole batch: its loss is their mean
	Sizes  []int     // (molecules) atoms of each: B of them, or fewer in a part of a batch
	Times  []float64 // (molecules) t of each
	Data   State[T]  // x₀ (N, 3), h₀ (N, F)
	Noise  State[T]  // z (N, 3), moved to where it is cheapest unless something is given, η (N, F)
	At     State[T]  // x_t, h_t
	Target State[T]  // q_x, q_h
	Cond   []T       // (N, 1+C) time and context of every atom's molecule
	Told   []Told    // (N) what of every atom is given, as Data has it; nil where nothing is of any
	Twice  []bool    // (molecules) of a SelfConditioned network: whether it is shown what it sees without; or nil

	// Each is the part X and H of each molecule's loss, (molecules), as Objective finds
	// them; or nil, if nobody asks. An engine that does not say leaves zeros.
	Each []Parts

	// Shards says how many molecules, from the first on, each part of the batch
	// has; parts take about equally long. Who takes the batch whole need not look.
	Shards []int
}

// Part returns shard number k of the batch, in the batch's own memory. The losses
// of all parts add up to the batch's.
func (b *Batch[T]) Part(k int) Batch[T] {
	from, first := 0, 0
	for _, n := range b.Shards[:k] {
		from += n
	}
	for _, n := range b.Sizes[:from] {
		first += n
	}
	return b.molecules(from, from+b.Shards[k], first)
}

// molecules returns those of the batch from one to before another; first is the
// first's first atom.
func (b *Batch[T]) molecules(from, to, first int) Batch[T] {
	atoms := 0
	for _, n := range b.Sizes[from:to] {
		atoms += n
	}
	F, width, p := len(b.At.H)*3/len(b.At.X), len(b.Cond)*3/len(b.At.X), *b
	p.Sizes, p.Times, p.Shards = b.Sizes[from:to], b.Times[from:to], nil
	p.Data, p.Noise = b.Data.slice(first, atoms, F), b.Noise.slice(first, atoms, F)
	p.At, p.Target = b.At.slice(first, atoms, F), b.Target.slice(first, atoms, F)
	p.Cond = b.Cond[width*first : width*(first+atoms)]
	if len(b.Told) > 0 {
		p.Told = b.Told[first : first+atoms]
	}
	if len(b.Twice) > 0 {
		p.Twice = b.Twice[from:to]
	}
	if len(b.Each) > 0 {
		p.Each = b.Each[from:to]
	}
	return p
}

// Predict evaluates the network at the molecules' states. v holds the parameters,
// with gradients to learn or without.
func (b *Batch[T]) Predict(t *autograd.Tape[T], net Network[T], v nn.View[T]) (p Prediction[T], err error) {
	known, err := b.recall(t, net, v)
	if err != nil {
		return p, err
	}
	given := told[T]{b.Told, b.Data}
	at, cond := given.show(t, b.Output, b.Path, b.Times, b.Sizes, b.At, b.Cond)
	fx, fh, err := evaluate(t, net, v, b.Sizes, at, cond, known)
	if err != nil {
		return p, err
	}
	return given.predict(t, b.Output, b.Path, b.Times, b.Sizes, b.At, fx, fh), nil
}

// Objective returns the share that a prediction for these molecules has in what
// training makes small: the loss with all its parts, as a (1, 1) tensor.
func (b *Batch[T]) Objective(t *autograd.Tape[T], p Prediction[T]) (*autograd.Tensor[T], Parts) {
	skip := 0
	if p.Logits != nil { // cross-entropy in place of these channels' squares
		skip = p.Logits.Cols
	}
	w := b.Weights
	loss, parts := squares(t, p.QX, p.QH, b.Target, b.Sizes, b.Count, skip, w, lossScales(t, b.Output, b.Path, b.Times), b.Told, b.Each)
	if p.Logits != nil {
		types, value := crossEntropy(t, p.Logits, b.Data.H, b.Sizes, b.Count, w.Features, b.Told, b.Each)
		loss = autograd.Add(t, loss, types)
		parts.H += value
		parts.Total += w.Features * value
	}
	if w.Pair > 0 {
		pair, value := pairLoss(t, p.QX, b)
		loss = autograd.Add(t, loss, pair)
		parts.Pair = value
		parts.Total += w.Pair * value
	}
	return loss, parts
}

// slice returns the state of n atoms from the first.
func (s State[T]) slice(first, n, features int) State[T] {
	return State[T]{X: s.X[3*first : 3*(first+n)], H: s.H[features*first : features*(first+n)]}
}

// resize returns x with length n, its contents undefined.
func resize[E any](x []E, n int) []E {
	if cap(x) < n {
		return make([]E, n)
	}
	return x[:n]
}
