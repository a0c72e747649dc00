package ode

import (
	"errors"
	"fmt"
	"math"

	"equifm/autograd"
)

// Method is a way to solve dy/dt = f(t, y).
type Method int

const (
	Euler    Method = iota // order 1, 1 evaluation a step
	Midpoint               // order 2, 2 evaluations
	Heun                   // order 2, 2 evaluations
	RK4                    // order 4, 4 evaluations
	Dopri5                 // order 5 with an error estimate, adaptive
)

// String returns the method's name.
func (m Method) String() string {
	if m < 0 || m > Dopri5 {
		return fmt.Sprintf("Method(%d)", int(m))
	}
	return [...]string{"euler", "midpoint", "heun", "rk4", "dopri5"}[m]
}

// Derivative writes dy/dt at (t, y) into dydt: the right-hand side of the
// equation. It must leave y alone and may return an error, which ends the
// integration.
type Derivative[T autograd.Float] func(t float64, y, dydt []T) error

// Control bounds an integration. A zero field takes the default.
type Control struct {
	RTol, ATol float64 // of Dopri5, relative and absolute error of a step; 1e-4, as published
	MaxNFE     int     // an error once exceeded; no limit
}

// Stats is what an integration cost.
type Stats struct {
	NFE      int // evaluations of the derivative
	Steps    int // accepted steps
	Rejected int // steps of Dopri5 taken back
}

// ErrNonFinite is in the chain of the error for a state that left the numbers.
var ErrNonFinite = errors.New("non-finite state")

// Integrator is a solver with its memory: after the first call for a size it
// allocates nothing. It serves one goroutine at a time.
type Integrator[T autograd.Float] struct {
	method  Method
	control Control
	k       [7][]T // (dim) slope of each stage
	next    []T    // (dim) state at the stage in progress
	stats   Stats
	vectors int // numbers of the state, from the first on, that are vectors of three
}

// Vectors has Dopri5 take the first n numbers of a state as vectors of three: the error
// of each is held against the length of its vector, so that steps do not depend on where
// the axes point. SciPy knows of numbers alone, which is 0.
func (in *Integrator[T]) Vectors(n int) { in.vectors = n }

// NewIntegrator returns an integrator.
func NewIntegrator[T autograd.Float](m Method, c Control) *Integrator[T] {
	if c.RTol == 0 {
		c.RTol = 1e-4
	}
	if c.ATol == 0 {
		c.ATol = 1e-4
	}
	return &Integrator[T]{method: m, control: c}
}

// Integrate carries y from the first time of the grid to the last. A fixed-step
// solver takes one step per interval; Dopri5 looks at the ends only. After an
// error y is the last state that was accepted.
func (in *Integrator[T]) Integrate(f Derivative[T], grid []float64, y []T) (Stats, error) {
	if len(grid) < 2 {
		panic(fmt.Sprintf("ode: Integrate: a grid of %d times", len(grid)))
	}
	in.reserve(len(y))
	in.stats = Stats{}
	t, err := grid[0], CheckFinite(y)
	if err == nil && in.method == Dopri5 {
		t, err = in.adaptive(f, t, grid[len(grid)-1], y)
	} else {
		for i := 1; i < len(grid) && err == nil; i++ {
			t = grid[i-1]
			err = in.step(tableaux[in.method], f, t, grid[i]-t, y)
		}
	}
	if err != nil {
		err = fmt.Errorf("ode: %v at t = %.6g after %d evaluations: %w", in.method, t, in.stats.NFE, err)
	}
	return in.stats, err
}

func (in *Integrator[T]) reserve(dim int) {
	if cap(in.next) < dim {
		in.next = make([]T, dim)
		for i := range in.k {
			in.k[i] = make([]T, dim)
		}
	}
	in.next = in.next[:dim]
	for i := range in.k {
		in.k[i] = in.k[i][:dim]
	}
}

// eval is one counted evaluation of the derivative.
func (in *Integrator[T]) eval(f Derivative[T], t float64, y, dydt []T) error {
	if in.control.MaxNFE > 0 && in.stats.NFE >= in.control.MaxNFE {
		return fmt.Errorf("more than %d evaluations", in.control.MaxNFE)
	}
	in.stats.NFE++
	return f(t, y, dydt)
}

// combine writes y + h·Σ w_j·k_j into dst.
func (in *Integrator[T]) combine(dst, y []T, h float64, w []float64) {
	for i := range dst {
		var slope float64
		for j, wj := range w {
			slope += wj * float64(in.k[j][i])
		}
		dst[i] = T(float64(y[i]) + h*slope)
	}
}

// CheckFinite returns an error for a state that left the numbers, with ErrNonFinite
// in its chain.
func CheckFinite[T autograd.Float](y []T) error {
	for i, v := range y {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return fmt.Errorf("%w: component %d is %v", ErrNonFinite, i, v)
		}
	}
	return nil
}
