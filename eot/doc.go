// Package eot pairs noise with a molecule by equivariant optimal transport.
//
// # Legend
//
//	N      atoms of the molecule, and points of noise
//	z      (N, 3) noise, row-major, Å
//	x      (N, 3) data, row-major, Å
//	π      assignment: point π(i) of the noise goes to atom i
//	R      rotation, det +1
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
