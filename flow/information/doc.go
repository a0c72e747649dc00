// Package information estimates how much a noisy molecule tells of the molecule.
//
// # Legend
//
//	x₀, h₀   data: positions, Å, and features; xt, ht at time t: α·data + σ·noise
//	s        α²/σ², the ratio of signal to noise
//	I(A; B)  mutual information, nat: how much less uncertain A is once B is known
//	K        kinds of atoms, p(k) their shares
//	mmse     E|data - E[data | seen]|², the least error that a guess can have
//
// # Continuous and discrete
//
// How much a noisy number y tells of an element k, one continuous and one discrete, is
// I(k; y) = H(k) - H(k|y): what is not known of k, less what is not known once y is seen.
// Both are entropies of something discrete, so that no density of y with its arbitrary
// unit is left over. There are four ways, from most to least that is known:
//
//   - p(y|k) is a formula. H(k|y) is then the mean of log 1/p(k|y), p(k|y) by Bayes, and
//     a mean is an integral or a sum over draws: Kinds.Information and Kinds.Draw.
//     One-hot channels in Gaussian noise are of this kind.
//   - Only pairs (k, y) are there, of few dimensions. Where pairs of the same k lie closer
//     together than pairs of any k do, y tells k; how much closer, counted in nearest
//     neighbours, is Ross's estimator (2014, PLoS ONE 9, e87357): Discrete. It
//     replaces p(y|k)/p(y) by a ratio of counts in a ball, and so needs balls in which
//     both are constant: in more than five dimensions no set is large enough.
//   - A network has learned to guess k from y. Its cross-entropy is at least H(k|y), so
//     that H(k) less it is at most I.
//   - A network has learned to take away the noise: below.
//
// Between two continuous numbers nearest neighbours do the same (Kraskov, Stögbauer and
// Grassberger 2004, Phys. Rev. E 69, 066138): Continuous. Where both are Gaussian it is
// a closed form: Gaussian.
//
// # By the error of denoising
//
// For independent Gaussian noise of any data (Guo, Shamai and Verdú 2005, IEEE Trans.
// Inf. Theory 51, 1261),
//
//	dI/ds = ½·mmse(s)
//
// A network's error is never below mmse, so the integral of its error is never below I:
// Errors.Information is an upper bound, the tighter the better the network. Two channels
// are two terms, each with the error given all that is seen, which adds the joint
// information of positions and features up and says at which times each of them brings
// it. It is not I(xt; x₀) plus I(ht; h₀), since the network sees both.
//
// # Which noise
//
// All but the nearest neighbours hold for noise that is independent of the data. With
// an optimal transport the noise of positions depends on them: only the pairs of
// Continuous may come from there, and say what the transport does.
//
// # Infinite information
//
// Positions are continuous, and xt at σ = 0 tells all digits of them. To compare how
// far positions and elements are at time t, digits beyond a resolution do not count:
// Gaussian takes it as noise that is always there.
//
// # A schedule from a curve
//
// I rises with s alone, so that a schedule is a choice of when information comes. ForRate
// gives the schedule that has it come at an even rate. What an error of the curve does
// to it can be read off.
//
// Read gaussian.go, kinds.go, neighbours.go, denoising.go, rate.go.
package information
