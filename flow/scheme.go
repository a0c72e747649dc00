package flow

import (
	"fmt"
	"slices"

	"equifm/autograd"
	"equifm/flow/internal/enum"
	"equifm/flow/ode"
)

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
	Solve(p *Problem[T], times []float64, y []T) (ode.Stats, error)
}

// Solver names how a sampler gets from noise to data: by a method for dy/dt = f(t, y),
// or by one that knows more of the path.
type Solver int

const (
	Euler      = Solver(ode.Euler)    // order 1, 1 evaluation a step
	Midpoint   = Solver(ode.Midpoint) // order 2, 2 evaluations
	Heun       = Solver(ode.Heun)     // order 2, 2 evaluations
	RK4        = Solver(ode.RK4)      // order 4, 4 evaluations
	Dopri5     = Solver(ode.Dopri5)   // order 5 with an error estimate, adaptive
	Stochastic = Dopri5 + 1           // Euler with noise put back before each step: see Churn
	DPM        = Dopri5 + 2           // DPM-Solver++(2M), order 2, 1 evaluation; with noise if Eta > 0
	Ancestral  = Dopri5 + 3           // the reverse of the path's diffusion step by step, as EDM samples; 1 evaluation
	Karras     = Dopri5 + 4           // Heun with noise put back before each step: see Churn; 2 evaluations
)

var solverNames = []string{"euler", "midpoint", "heun", "rk4", "dopri5", "stochastic", "dpm", "ancestral", "karras"}

// String returns the name.
func (s Solver) String() string { return enum.Name("Solver", solverNames, s) }

// MarshalText writes the name; a solver without one is an error.
func (s Solver) MarshalText() ([]byte, error) { return enum.Marshal("solver", solverNames, s) }

// UnmarshalText reads the name.
func (s *Solver) UnmarshalText(text []byte) error {
	return enum.Unmarshal("solver", solverNames, text, s)
}

// SolverNames lists the names of solvers.
func SolverNames() []string { return slices.Clone(solverNames) }

// renoises says whether the solver can take a step again: those that the noise of the path
// itself goes with.
func (s *Sampler[T]) renoises() bool { return s.Scheme == nil && s.Solver >= Stochastic }

// name is what the sampler solves by.
func (s *Sampler[T]) name() string {
	if s.Scheme != nil {
		return fmt.Sprintf("a scheme of one's own (%T)", s.Scheme)
	}
	return s.Solver.String()
}

// scheme returns the one to solve with, for one goroutine.
func (s *Sampler[T]) scheme() Scheme[T] {
	switch {
	case s.Scheme != nil:
		return s.Scheme
	case s.Solver == Stochastic:
		return stochastic[T]{s.Churn}
	case s.Solver == DPM:
		return dpm[T]{eta: s.Eta}
	case s.Solver == Ancestral:
		return dpm[T]{eta: 1, first: true}
	case s.Solver == Karras:
		return karras[T]{s.Churn}
	}
	return integrated[T]{ode.NewIntegrator[T](ode.Method(s.Solver), s.Control), s.ByAtom}
}

// integrated follows the velocity, by a method that knows of nothing else.
type integrated[T autograd.Float] struct {
	*ode.Integrator[T]
	byAtom bool
}

func (s integrated[T]) Solve(p *Problem[T], times []float64, y []T) (ode.Stats, error) {
	if s.byAtom {
		s.Vectors(len(p.Split(y).X))
	}
	return s.Integrate(p.Velocity, times, y)
}
