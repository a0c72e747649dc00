package flow

import "equifm/autograd"

// Scheme carries molecules along the times of a grid. The Solvers are the schemes of
// this package by name; Sampler.Scheme takes any other, of one's own.
type Scheme[T autograd.Float] interface {
	// Solve carries y, the state of p at the first of two or more falling times, to
	// the last of them, from where the sampler goes on in closed form. It returns
	// what that took, and an error for a state that left the numbers.
	//
	// Several goroutines may call it at once, each with a problem of its own. So
	// that a sample does not depend on its neighbours, steps are not to depend on
	// the state, unless the sampler has Shard 1.
	Solve(p *Problem[T], times []float64, y []T) (Stats, error)
}

// scheme returns the one to solve with, for one goroutine.
func (s *Sampler[T]) scheme() Scheme[T] {
	switch {
	case s.Scheme != nil:
		return s.Scheme
	case s.Solver == Stochastic:
		return stochastic[T]{s.Churn}
	case s.Solver == DPM:
		return dpm[T]{s.Eta}
	}
	return ode[T]{NewIntegrator[T](s.Solver, s.Control)}
}

// ode follows the velocity, by a method that knows of nothing else.
type ode[T autograd.Float] struct{ *Integrator[T] }

func (s ode[T]) Solve(p *Problem[T], times []float64, y []T) (Stats, error) {
	return s.Integrate(p.Velocity, times, y)
}
