package flow

import (
	"fmt"

	"equifm/autograd"
	"equifm/eot"
	"equifm/nn"
)

// molecules is a share of a batch at its times: what the network sees, and what
// it should answer.
type molecules[T autograd.Float] struct {
	path   Path
	batch  int       // B, of the whole batch
	sizes  []int     // atoms of each molecule
	times  []float64 // t of each molecule
	data   State[T]
	noise  State[T]
	at     State[T] // x_t, h_t
	target State[T] // q_x, q_h
	cond   []T      // (N, 1+C)
}

// shard is a fixed share of a batch, and how it is drawn. All its memory is
// reused from step to step.
type shard[T autograd.Float] struct {
	molecules[T]
	picks []pick

	random stream
	z, x   []float64 // (n, 3) one molecule's noise and data, for the alignment
	rounds int       // of the alignment
}

// pick is a molecule of a batch.
type pick struct {
	place int // in the batch, by which its random numbers are keyed
	index int // in the examples
}

// drawing is what is drawn for a batch, whoever draws it.
type drawing struct {
	seed    uint64
	purpose int // of the random numbers
	step    int
	law     TimeLaw
}

// draw fills the shard for its molecules: for each a time, noise for the
// features, and noise for the coordinates moved to where it is cheapest
// (EquiFM Algorithm 1). What is drawn for a molecule depends on the drawing and
// its place in the batch alone.
func (s *shard[T]) draw(d drawing, examples []Example[T], features, context int, align *eot.Aligner) error {
	s.reserve(examples, features, context)
	first := 0
	for m, p := range s.picks {
		e, n := &examples[p.index], s.sizes[m]
		s.random.seed(d.seed, d.purpose, d.step, p.place)
		t := d.law.Draw(s.random.Rand)
		s.times[m] = t
		data, noise := s.data.slice(first, n, features), s.noise.slice(first, n, features)
		copy(data.X, e.X)
		copy(data.H, e.H)
		if err := s.align(e, noise.X, align); err != nil {
			return fmt.Errorf("molecule %d of the data: %w", p.index+1, err)
		}
		Normal(s.random.Rand, noise.H)
		Interpolate(s.path, t, data, noise, s.at.slice(first, n, features), s.target.slice(first, n, features))
		for i := first; i < first+n; i++ {
			row := s.cond[i*(1+context) : (i+1)*(1+context)]
			row[0] = T(t)
			copy(row[1:], e.Context)
		}
		first += n
	}
	return nil
}

// align draws centred noise for a molecule and moves it towards the data.
func (s *shard[T]) align(e *Example[T], noise []T, align *eot.Aligner) error {
	n := len(e.X)
	s.z, s.x = resize(s.z, n), resize(s.x, n)
	CentredNormal(s.random.Rand, s.z)
	for i, v := range e.X {
		s.x[i] = float64(v)
	}
	_, rounds, err := align.Align(s.z, s.x, s.random.Rand)
	for i, v := range s.z {
		noise[i] = T(v)
	}
	s.rounds += rounds
	return err
}

func (s *shard[T]) reserve(examples []Example[T], features, context int) {
	atoms := 0
	s.sizes = s.sizes[:0]
	for _, p := range s.picks {
		n := examples[p.index].Atoms()
		s.sizes = append(s.sizes, n)
		atoms += n
	}
	s.times = resize(s.times, len(s.picks))
	for _, x := range []*State[T]{&s.data, &s.noise, &s.at, &s.target} {
		x.X, x.H = resize(x.X, 3*atoms), resize(x.H, features*atoms)
	}
	s.cond = resize(s.cond, (1+context)*atoms)
	s.rounds = 0
}

// predict evaluates the network at the molecules' states. v holds the
// parameters, with gradients to learn or without.
func (b *molecules[T]) predict(t *autograd.Tape[T], net Network[T], v nn.View[T], o Output, features int) (p Prediction[T], err error) {
	t.Reset()
	atoms := len(b.at.X) / 3
	fx, fh, err := net.Forward(t, v, b.sizes, t.Const(atoms, 3, b.at.X), t.Const(atoms, features, b.at.H), t.Const(atoms, len(b.cond)/atoms, b.cond))
	if err != nil {
		return p, err
	}
	return Predict(t, o, b.path, b.times, b.sizes, b.at, fx, fh), nil
}

// loss returns the molecules' share of the loss and its parts.
func (b *molecules[T]) loss(t *autograd.Tape[T], p Prediction[T], w Weights) (*autograd.Tensor[T], Parts) {
	skip := 0
	if p.Logits != nil { // cross-entropy in place of these channels' squares
		skip = p.Logits.Cols
	}
	loss, parts := Loss(t, p.QX, p.QH, b.target, b.sizes, b.batch, skip, w)
	if p.Logits != nil {
		types, value := crossEntropy(t, p.Logits, b.data.H, b.sizes, b.batch, w.Features)
		loss = autograd.Add(t, loss, types)
		parts.H += value
		parts.Total += w.Features * value
	}
	if w.Pair > 0 {
		pair, value := pairLoss(t, p.QX, b, w)
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
