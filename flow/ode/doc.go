// Package ode integrates ordinary differential equations dy/dt = f(t, y), for states
// of any kind: a sampler's molecules as one flat slice, or two numbers in a test.
//
// Legend: y the state, dim numbers; h the length of a step; k the slope f at a stage.
//
// A [Derivative] is f. An [Integrator] carries a state along a grid of times, one step
// an interval, by an explicit Runge-Kutta method: it evaluates f at a few stages
// inside the step and mixes the slopes,
//
//	k_s = f(t + c_s·h, y + h·Σ_r a_sr·k_r)     y ← y + h·Σ_s b_s·k_s
//
// A method is the table of its a, b and c (fixed.go). Of order p, its error falls as
// h^p. [Dopri5] estimates the error of each step from a second mix of the same
// slopes, takes back a step that is too coarse, and chooses its own lengths between
// the grid's ends (dopri5.go). What it all cost is in [Stats]: the evaluations of f
// are what a sampler pays for.
//
// The state is float32 or float64; times, weights and the control of steps are
// float64 always. Read integrator.go, then fixed.go and dopri5.go.
package ode
