package flow

import (
	"fmt"

	"equifm/autograd"
	"equifm/eot"
	"equifm/nn"
)

// shard is a fixed share of a batch: its molecules, drawn at their times, ready
// for the network. All its memory is reused from step to step.
type shard[T autograd.Float] struct {
	index  []int // of the molecules, in the examples
	sizes  []int // atoms of each
	data   State[T]
	noise  State[T]
	at     State[T] // x_t, h_t
	target State[T] // q_x, q_h
	cond   []T      // (N, 1+C)

	random stream
	z, x   []float64 // (n, 3) one molecule's noise and data, for the alignment
	rounds int       // of the alignment
}

// draw fills the shard for its molecules: for each a time, noise for the
// features, and noise for the coordinates moved to where it is cheapest
// (EquiFM Algorithm 1).
func (s *shard[T]) draw(p Path, examples []Example[T], features, context int, align *eot.Aligner) error {
	s.reserve(examples, features, context)
	first := 0
	for m, k := range s.index {
		e, n := &examples[k], s.sizes[m]
		t := s.random.Float64()
		data, noise := s.data.slice(first, n, features), s.noise.slice(first, n, features)
		copy(data.X, e.X)
		copy(data.H, e.H)
		if err := s.align(e, noise.X, align); err != nil {
			return fmt.Errorf("molecule %d of the data: %w", k+1, err)
		}
		Normal(s.random.Rand, noise.H)
		Draw(p, t, data, noise, s.at.slice(first, n, features), s.target.slice(first, n, features))
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
	for _, k := range s.index {
		s.sizes = append(s.sizes, examples[k].Atoms())
		atoms += examples[k].Atoms()
	}
	for _, x := range []*State[T]{&s.data, &s.noise, &s.at, &s.target} {
		x.X, x.H = resize(x.X, 3*atoms), resize(x.H, features*atoms)
	}
	s.cond = resize(s.cond, (1+context)*atoms)
	s.rounds = 0
}

// learn adds the gradient of the shard's share of the loss to the gradients
// that v is bound to.
func (s *shard[T]) learn(t *autograd.Tape[T], net Network[T], v nn.View[T], features, batch int, angle float64) (Parts, error) {
	t.Reset()
	atoms := len(s.at.X) / 3
	x, h, cond := t.Const(atoms, 3, s.at.X), t.Const(atoms, features, s.at.H), t.Const(atoms, len(s.cond)/atoms, s.cond)
	qx, qh, err := net.Forward(t, v, s.sizes, x, h, cond)
	if err != nil {
		return Parts{}, err
	}
	loss, parts := Loss(t, qx, qh, s.target, s.sizes, batch, angle)
	t.Backward(loss)
	return parts, nil
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
