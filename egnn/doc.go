// Package egnn is the vector field: an E(3)-equivariant graph neural network.
//
// Given noisy positions x, features h and a time t, it predicts how a molecule
// moves: a displacement q̂_x that turns with the molecule and a feature target
// q̂_h that does not notice rotation, reflection or translation. Every ordered
// pair of atoms exchanges a message that depends on the positions through
// distances alone; positions are updated along the directions between atoms.
//
// The network is that of EGNN (Satorras et al. 2021, arXiv 2102.09844) as EDM
// (Hoogeboom et al. 2022, arXiv 2203.17003) and EquiFM (Song et al. 2023, arXiv
// 2312.07168) use it.
//
// Beside it is a twin (twin.go): the same network at the same cost whose answer does not
// turn with its input, to measure by what that is worth.
//
// Reading order: edge_ref.go has one block of the network on one screen, as the
// paper writes it; field.go the parameters; forward.go the whole pass. Then
// node.go, edge.go, message.go and coordinates.go compute the same block with fused
// operations: the first linear split per atom, pairs in blocks that stay in the
// cache, backward recomputing a block, and of size pairs × E at most one array an
// operation stored, within a budget.
// The tests hold the two together at 1e-12, both to PyTorch's numbers
// at 1e-9, and the laws of symmetry at 1e-10, which the twin fails by more than a quarter of
// its answer.
//
// Legend: N atoms of all molecules of a batch; P = Σ n(n-1) ordered pairs; R
// pairs of one block; F feature channels; C context columns; H hidden channels of an atom, E of a pair.
// Positions in Å.
package egnn
