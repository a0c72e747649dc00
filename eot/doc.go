// Package eot pairs noise with a molecule by equivariant optimal transport.
//
// # Legend
//
//	N      atoms of the molecule, and points of noise
//	z      (N, 3) noise, row-major, Å
//	x      (N, 3) data, row-major, Å
//	π      assignment: point π(i) of the noise goes to atom i
//	R      rotation, det +1; with Options.Reflections also det -1
//	v      (N) column prices (dual variables) of the assignment problem
//	cost   Σ_i |R z_π(i) - x_i|², Å²
//
// # What is solved
//
// A flow from noise to a molecule bends less when the two are near each other.
// Gaussian noise does not change when it is rotated or its points exchanged, so
// both may be chosen:
//
//	min over R, π of Σ_i |R z_π(i) - x_i|²
//
// Each half has an exact answer. For fixed R the best π is an assignment problem
// (Assigner: shortest augmenting paths, O(N³)); for fixed π the best R is
// Kabsch's (Rotation: Horn's quaternion). Aligner alternates the two, each
// lowering the cost, until the assignment stays; that is a local minimum, and
// restarts find lower ones.
//
// # What makes it equivariant
//
// Optimal transport between two sets of samples, as in a minibatch (Tong et al. 2023,
// arXiv 2302.00482; Pooladian et al. 2023, arXiv 2304.14772), decides which noise
// goes to which molecule. There are far more shapes than a batch has molecules, so
// little is to be gained, and two copies of a molecule, one of them turned, would be
// different goals. Here each molecule keeps its noise z, and what is chosen is how
// that noise is held: which turned and renumbered copy g·z of it, g in rotations ×
// permutations. The cost is that between the orbits of the two, min over g of
// |g·z - x|², which does not know how the molecule itself is turned or numbered
// (Song et al. 2023, arXiv 2312.07168; Klein et al. 2023, arXiv 2306.15030).
//
// Turn or renumber molecule and noise together, by Q, and the answer turns and
// renumbers with them: Align(Qz, Qx) = Q·Align(z, x), see below. Since Qz is as likely
// as z, the aligned noise of a turned molecule is distributed as that of the molecule,
// turned. A network that turns its answer with its input has then the same mean loss
// for every pose of a molecule, and may be thought to see a random one. Over random
// poses g·z looks the same from everywhere and has the shape of z, and this is what
// Gaussian noise is: sampling starts from plain noise, with nothing to align it to,
// although training never saw it unaligned. The same goes for the numbering, if the
// network does not look at it, and the noise of the features is drawn apart from all
// this. A network that is not equivariant has to be shown random poses.
//
// # What is kept
//
// Only the noise moves. Both sets should have their centre at the origin, about
// which R turns; the centre of the noise then stays there. Aligning Qz to Qx
// gives Q times the aligned z for every rotation Q: distances, the only thing
// the assignment sees, are the same, the best rotation turns with Q, and where
// it is not unique the one nearest the identity is taken, which turns with Q
// too. Restarts begin from random assignments rather than random rotations for
// the same reason. (Where two assignments tie, as for atoms placed symmetrically
// or for unsquared distances along a line, rounding decides.)
//
// The cost never exceeds that of the untouched pair, nor that of the best
// assignment alone.
package eot
