//go:build mpi && !cgo

package mpi

// Without cgo there is no MPI, and a program that runs alone as often as mpirun starts it
// would be worse than none: this does not compile.
var _ = tags_mpi_needs_cgo_and_CC_mpicc
