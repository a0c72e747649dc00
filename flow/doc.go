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
// # Why not by likelihood
//
// A continuous normalizing flow (Chen et al. 2018, arXiv 1806.07366) carries noise to
// data along dx/dt = v(x, t), too, and is trained to make the data likely. By the
// change of variables,
//
//	log p(x0) = log p(x1) + ∫ div v(xt, t) dt   from t = 0, the data, to 1, the noise
//
// so each look at an example solves the equation, at some hundred evaluations of the
// network, takes a divergence beside each, in practice its estimate from a random
// direction, and differentiates through all of it; while training, the path is
// whatever v makes of it.
//
// Flow matching (Lipman et al. 2023, arXiv 2210.02747) says the path first. A path
// from one noise to one molecule is a formula, and so is its derivative: the network
// is shown a point of it and regresses that derivative. One evaluation, no equation
// to solve, no divergence. Many pairs of noise and molecule cross at xt with
// different derivatives, and least squares can only answer their mean,
//
//	v(x, t) = E[dxt/dt | xt = x]
//
// which is just the velocity that carries the whole distribution of noise to that of
// the data (their theorems 1 and 2). Hence the loss does not go to 0: what pairs
// disagree about stays in it. And hence sampling is the same as for the flow above,
// an equation to be solved, once, after training. What is given up is that the
// likelihood is not what is made large, though it can still be computed afterwards.
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
// # Training
//
// A Trainer draws a batch, has an Engine take its gradient, and moves the parameters
// and their average. Run is the loop over its steps, Rate the learning rate by step.
// Processes that were started together share it out (Settings.Ranks), to the same bits. A
// network that is not equivariant can be shown every molecule in random poses (Rotate).
//
// # Sampling
//
// Draw noise at t = 1, integrate dx/dt to a small t with a Solver, take the last
// step in closed form by EndPoint: at t = 0 the factor M is -5000, and a solver
// has no business there. Fixed-step solvers follow a grid of times; Dopri5
// chooses its own. Every integration reports its NFE, the figure by which
// samplers are compared.
//
// # Diffusion
//
// Diffusion models are the same with other words: a path (schedule.EDM, schedule.VE), what
// f stands for (its noise, or a preconditioned denoiser: Output), and samplers that put
// noise back (Ancestral, Karras). They are here to be held against.
//
// # Seams
//
// What can be put in another's place from outside, each with an example:
//
//	Source             what it is learned from               example Source
//	Network            what is learned                       example TwoMoons
//	SelfConditioned    and is shown what it saw a step ago   example SelfConditioned
//	schedule.Schedule  the probability path of x or h        example Path
//	Scheme             how a sampler gets to the data        example Scheme
//	Engine             who takes the gradient of a batch     example Engine
//	Resident           and keeps what a step changes         package egnn/resident
//	parallel.Ranks     who shares a training or a sample out  example in ranktest
//	nn.Optimizer       what a gradient does to parameters    example Trainer.Run
//	a func(int) float64, the learning rate by step           example Trainer.Run
//
// # What to read next
//
// The example TwoMoons, moons_test.go, does all of it for points in the plane. Then
// package schedule below this one and path.go, loss.go, drawing.go, where a molecule
// meets its noise, train.go and engine.go, and for the way back sample.go, scheme.go
// and package ode, which integrates and knows nothing of molecules.
//
// # Precision
//
// What belongs to a molecule (t, α, M, step lengths) is float64. What belongs to
// its atoms is a slice of T, float32 when training and float64 when checking, by
// the same code.
package flow
