// Package likelihood computes how likely a flow makes a molecule.
//
// # Legend
//
//	N, F     atoms of the molecule, feature channels of an atom
//	y        (3N + F·N) state: positions with their centre at the origin, then features
//	v(t, y)  the velocity, dy/dt
//	J        ∂v/∂y, of D rows and columns that count
//	D        3(N-1) + F·N dimensions: positions cannot move all together
//	ε        (3N + F·N) a random direction, E[εεᵀ] = 1 on those dimensions
//	e        the end time, where integration stops
//	α, σ     share of data and noise at e
//
// # From noise to a density
//
// A flow carries noise at t = 1 to molecules. A drop of probability that it carries
// along is spread where velocities part and gathered where they meet, by div v = tr J
// in unit time. Following the drop that ends at y back to the noise, whose density p₁
// is known, adds up what happened to it: the instantaneous change of variables (Chen et
// al. 2018, arXiv 1806.07366),
//
//	log p_e(y_e) = log p₁(y₁) + ∫ div v(t, y_t) dt   from e to 1
//
// Flow.Density computes it, with y and the integral in one equation to solve.
//
// # The trace
//
// Reverse differentiation gives εᵀJ at the cost of a step of training, not J. tr J then
// takes D of them, one for every direction: Exact, for small molecules. Or a few random
// ones do, since E[εᵀJε] = tr J (Hutchinson 1989; Grathwohl et al. 2019, arXiv
// 1810.01367): Hutchinson. Each ε is kept from e to 1, so that each gives an unbiased
// log p of its own, and their scatter its standard error. Auto takes the first up to 7 of
// QM9's atoms. A prediction contains the
// state itself, by a known factor; that part of the trace is exact in both.
//
// # Why it stops before the data
//
// Atoms have elements, of which a density says nothing: one-hot channels are always
// exactly 0 or ¼, and the better a flow knows it, the narrower and higher its density
// there, without bound as e goes to 0. So integration stops at e, where the noise left
// is σ, and the last step is a choice as the sampler's is: given y_e, an atom has type k
// with the probability that the Gaussian about y_e/α, σ/α wide, has in the cell of
// that type, ½ around its one-hot, divided by that in all types' cells (as
// Hoogeboom et al. 2022, arXiv 2203.17003, appendix). A charge has the cell from Z-½ to Z+½.
// Positions are continuous and take the Gaussian itself. Then
//
//	log p(x₀, h₀) ≥ E[ log p_e(y_e) + log p(x₀, h₀ | y_e) - log q(y_e | x₀, h₀) ]
//
// over y_e = α·(x₀, h₀) + σ·noise, whose density is q: the variational bound by which
// diffusion models are compared. Flow.Bound draws its noise and says what it comes to. It
// is below the truth by how far the flow's own guess of (x₀, h₀) behind y_e is off,
// which a smaller e reduces and a larger number of draws does not.
//
// The number of atoms has a probability of its own, p(N), that the sampler draws it
// with; whoever knows the sizes of the training set adds log p(N): package
// egnn/trained.
//
// # Units
//
// Nat; positions in Å, so that log p of a molecule changes by 3(N-1)·log 10 if they
// were nm: numbers compare within one unit of length and one scale of features.
//
// Read flow.go, divergence.go, then bound.go and cells.go.
package likelihood
