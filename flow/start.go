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
