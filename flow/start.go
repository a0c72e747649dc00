package flow

import (
	"fmt"

	"equifm/autograd"
)

// Start is where sampling begins, if not at noise: it shows what becomes of states
// whose truth is known. Its steps are as long as those from t = 1, to rounding up.
type Start[T autograd.Float] struct {
	At     float64    // t, above 0 and at most 1; 0 is 1
	States []State[T] // at that time, one a molecule; nil for noise, which is at t = 1
}

// Watch is told of every state that the network is asked at, stages of a step among them,
// and in the end of the sample, at t = 0: that of molecule number index, which is not to
// be changed nor kept. Goroutines call at once. An error ends the sampling.
type Watch[T autograd.Float] func(index int, t float64, at State[T]) error

// show tells who watches of the state of every molecule.
func (p *Problem[T]) show(t float64, y []T) error {
	if p.sampler.Watch == nil {
		return nil
	}
	at, atom := p.Split(y), 0
	for m, n := range p.Sizes {
		if err := p.sampler.Watch(p.sampler.First+p.first+m, t, at.slice(atom, n, p.sampler.Features)); err != nil {
			return err
		}
		atom += n
	}
	return nil
}

// Prior returns what the sampler starts from: the noise of molecules of these sizes, as
// States of a Start at t = 1.
func (s *Sampler[T]) Prior(sizes []int) ([]State[T], error) {
	context := make([]T, s.Context*len(sizes))
	if err := s.check(sizes, context); err != nil {
		return nil, err
	}
	p := s.newProblem(autograd.NewTape[T]())
	p.Sizes = sizes
	at, atom := p.Split(p.prior(0, context)), 0
	states := make([]State[T], len(sizes))
	for m, n := range sizes {
		states[m] = at.slice(atom, n, s.Features)
		atom += n
	}
	return states, nil
}

// check returns an error for a start that does not go with the sizes.
func (s Start[T]) check(sizes []int, features int) error {
	if !(s.At >= 0 && s.At <= 1) || s.States == nil && s.At > 0 && s.At < 1 {
		return fmt.Errorf("flow: a start at t = %v with %d states, expected a time above 0, at most 1, and a state for every molecule", s.At, len(s.States))
	}
	if s.States != nil && len(s.States) != len(sizes) {
		return fmt.Errorf("flow: %d states to start from for %d molecules", len(s.States), len(sizes))
	}
	for m, x := range s.States {
		if len(x.X) != 3*sizes[m] || len(x.H) != features*sizes[m] {
			return fmt.Errorf("flow: molecule %d starts with %d coordinates and %d features, expected %d and %d",
				m, len(x.X), len(x.H), 3*sizes[m], features*sizes[m])
		}
	}
	return nil
}

// load lays states out as y.
func (p *Problem[T]) load(states []State[T], y []T) {
	at, atom := p.Split(y), 0
	for m, n := range p.Sizes {
		to := at.slice(atom, n, p.sampler.Features)
		copy(to.X, states[m].X)
		copy(to.H, states[m].H)
		atom += n
	}
}
