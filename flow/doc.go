// Package flow carries noise to molecules and back: the probability paths that
// training regresses on, and the solvers that sampling integrates with.
//
// # Legend
//
//	N           atoms of one molecule
//	F           feature channels of an atom
//	t           time: 1 is noise, 0 is data
//	x0, xt, z   (N, 3) coordinates: data, at time t, noise; Å, centre of mass zero
//	h0, ht, η   (N, F) features: data, at time t, noise
//	qx, qh      what the network regresses, shaped as xt and ht
//	α(t), σ(t)  share of data and of noise at time t
//	M(t)        factor that turns q into a velocity: dx/dt = M·q
//	ε           1e-4, the width of the coordinate path at t = 0
//	NFE         number of evaluations of the vector field
//
// # State and path
//
// A molecule is N positions x0 with their centre at the origin and N rows of
// features h0. A path draws a straight or curved line through state space from
// noise to that molecule. Both kinds here are mixtures,
//
//	xt = α(t)·x0 + σ(t)·z
//
// and differ in how α and σ run. The straight path `linear` has α = 1-t and
// moves at constant speed. A variance-preserving path has α² + σ² = 1, so that
// features of unit variance keep it; it is given by its exponent T with
// α = exp(-T/2). EquiFM is hybrid: coordinates straight, features along
// `vp-linear`, so that the types of the atoms settle late, when positions
// already tell them. Path selects the two independently.
//
// # Target and loss
//
// The network sees (xt, ht, t) and regresses q, a mixture of data and noise just
// as xt is. For the straight path q is the velocity itself. For a
// variance-preserving path q = α·h0 - α²·ht is bounded where the velocity is
// not, and M(t) makes up the difference:
//
//	dx/dt = Mx(t)·qx,  dh/dt = Mh(t)·qh
//
// xt and q are two equations in two unknowns, so a prediction of q is also a
// prediction of the molecule; EndPoint solves them. The loss of a molecule is
// |q̂ - q|², and for coordinates the angle term 1 - cos(q̂x, qx) of the published
// code beside it, averaged over its atoms (loss.go).
//
// # Sampling
//
// Draw noise at t = 1, integrate dx/dt to a small t with a Solver, take the last
// step in closed form by EndPoint: at t = 0 the factor M is -5000, and a solver
// has no business there. Fixed-step solvers follow a grid of times; Dopri5
// chooses its own. Every integration reports its NFE, the figure by which
// samplers are compared.
//
// # Precision
//
// What belongs to a molecule (t, α, M, step lengths) is float64. What belongs to
// its atoms is a slice of T, float32 when training and float64 when checking, by
// the same code.
package flow
