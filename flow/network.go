package flow

import (
	"math/rand/v2"

	"equifm/autograd"
	"equifm/nn"
)

// Network predicts q̂ from a state. egnn.Field is one; so is any model with this
// method set. It is shared by goroutines, each with its own tape and view.
type Network[T autograd.Float] interface {
	// Params returns the parameters, read-only during a step.
	Params() *nn.Params[T]
	// Forward returns (q̂_x, q̂_h), (N, 3) and (N, F), for molecules laid one
	// after another, sizes atoms each: positions x (N, 3), Å, features h (N, F),
	// cond (N, 1+C) the time and the context of every atom's molecule.
	Forward(t *autograd.Tape[T], v nn.View[T], sizes []int, x, h, cond *autograd.Tensor[T]) (qx, qh *autograd.Tensor[T], err error)
}

// Example is one molecule to learn from.
type Example[T autograd.Float] struct {
	State[T]     // x₀ (N, 3), Å, centre of mass zero; h₀ (N, F)
	Context  []T // (C), may be nil

	// Noise is what the molecule is paired with at t = 1, unless nil, for which it is drawn:
	// that from which a flow came to it, to make a straight one of it (reflow, Liu et al.
	// 2022, arXiv 2209.03003). It is turned with the molecule, and goes with no transport.
	Noise *State[T] // x₁ (N, 3), Å, centre at the origin; h₁ (N, F)

	// NoiseFrom is the time from which on Noise is that; before it noise is drawn.
	NoiseFrom float64
}

// Atoms returns N.
func (e *Example[T]) Atoms() int { return len(e.X) / 3 }

// Source is examples that need not all be in memory.
type Source[T autograd.Float] interface {
	Len() int
	Atoms(i int) int // of example i; cheap
	// Example returns example i: into, filled in, or one of the source's own. Goroutines
	// may ask at once, each with memory of its own.
	Example(i int, into *Example[T]) (*Example[T], error)
}

// inMemory is a Source of examples that are.
type inMemory[T autograd.Float] []Example[T]

func (s inMemory[T]) Len() int                                          { return len(s) }
func (s inMemory[T]) Atoms(i int) int                                   { return s[i].Atoms() }
func (s inMemory[T]) Example(i int, _ *Example[T]) (*Example[T], error) { return &s[i], nil }

// Purposes of random numbers. The values are part of what a seed means: new ones
// go to the end.
const (
	streamOrder      = iota // of the molecules in an epoch
	streamTrain             // time and noise of a molecule: step, place in the batch
	streamSample            // all noise of a sampled molecule: 0, index
	streamValid             // time and noise of a molecule to validate on: 0, index
	streamMoments           // noise to measure the moments with: 0, index
	streamSize              // size of a sampled molecule: 0, index
	streamPose              // rotation of a training molecule: step, place in the batch
	streamValidPose         // rotation of a molecule to validate on: 0, index
	streamTwice             // whether a shard is evaluated twice: step, shard
	streamLikelihood        // noise at the end time and probes of a molecule: index, draw
	streamDenoise           // noise of a molecule whose error is measured by time: round, index
	streamContext           // whether a training molecule's context is shown: step, place in the batch
	streamProperty          // value of a property that a sampled molecule is asked for: 0, index
	streamGiven             // what of a training molecule is given, and noise about a given part: step, place in the batch
)

// SizeRand returns the generator from which the size of sample number index is
// drawn. Like the sample itself it depends on the seed and the index alone.
func SizeRand(seed uint64, index int) *rand.Rand { return sampleRand(seed, streamSize, index) }

// PropertyRand returns the generator from which the property that sample number index
// is asked for is drawn, or its size where the property is given.
func PropertyRand(seed uint64, index int) *rand.Rand {
	return sampleRand(seed, streamProperty, index)
}

func sampleRand(seed uint64, purpose, index int) *rand.Rand {
	s := newStream()
	s.seed(seed, purpose, 0, index)
	return s.Rand
}

// LikelihoodRand returns the generator of all noise that draw number draw of the
// likelihood of molecule number index takes.
func LikelihoodRand(seed uint64, index, draw int) *rand.Rand {
	s := newStream()
	s.seed(seed, streamLikelihood, index, draw)
	return s.Rand
}

// DenoiseRand returns the generator of the noise of molecule number index, whose error
// is measured by time; a round of measurements has noise of its own.
func DenoiseRand(seed uint64, round, index int) *rand.Rand {
	s := newStream()
	s.seed(seed, streamDenoise, round, index)
	return s.Rand
}

// stream is one of many independent generators: ChaCha8 keyed by the seed, the
// purpose and two counters, so that what is drawn for a molecule depends on
// nothing else: neither on its neighbours nor on who draws it.
type stream struct {
	source *rand.ChaCha8
	*rand.Rand
}

func newStream() stream {
	source := rand.NewChaCha8([32]byte{})
	return stream{source, rand.New(source)}
}

// seed restarts the stream.
func (s *stream) seed(seed uint64, purpose, a, b int) {
	var key [32]byte
	for i, v := range [4]uint64{seed, uint64(purpose), uint64(a), uint64(b)} {
		for k := range 8 {
			key[8*i+k] = byte(v >> (8 * k))
		}
	}
	s.source.Seed(key)
}
