// Package schedule says how the shares of data and noise run with time: the scalar
// half of a probability path.
//
// Legend: t time, 1 noise and 0 data; α and σ shares of data and of noise; x0, z, xt
// data, noise and what lies between at t; q what a network regresses; M factor from q
// to the velocity; T exponent of a variance-preserving path, T' its derivative.
//
// A [Schedule] gives [Coefficients] at a time, and these are all that a path needs,
// since all of it is mixtures of two arrays:
//
//	xt = α·x0 + σ·z     q = QData·x0 + QNoise·z     dx/dt = M·q     x̂0 = EndState·xt + EndQ·q
//
// [Linear] is straight, at constant speed. A [Preserving] schedule has α² + σ² = 1 and
// is given by its exponent, α = exp(-T/2). For these the velocity grows without bound
// towards the data, so that q = α·x0 - α²·xt is regressed in its stead, which does
// not, and M makes up the difference. [Learned] is a preserving schedule whose
// exponent has parameters. [VE] keeps all of the data and adds noise without end, which
// diffusion models that count time by their noise do; [Wide] is any of these with noise
// of another width, and [Prior] how wide the noise is that samples begin with; [TimeOf] finds the time of a noise
// on any path.
//
// Package flow mixes arrays by these numbers, for x and for h with a schedule each. A
// schedule of one's own has two methods; see the example of flow.Path. Read
// schedule.go, then exploding.go and learned.go.
package schedule
