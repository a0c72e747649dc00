// Package mpi is [parallel.Ranks] over the system's MPI: processes that mpirun, srun or
// the like starts, on one machine or many. It is there with -tags mpi alone, and needs cgo
// and the MPI's own compiler:
//
//	CC=mpicc go build -tags mpi ./cmd/train
//	mpirun -np 4 ./train -config qm9-small
//
// Any MPI will do that has version 3's calls from several threads in turn
// (MPI_THREAD_SERIALIZED); Open MPI 4.1 is the one that the tests run.
//
// # Why cgo
//
// An MPI is an interface of C source, not of binaries: what MPI_COMM_WORLD or MPI_BYTE is,
// a number, an address, a symbol by which name, its mpi.h says and nothing else. Opened at
// run time, without a compiler, one library could be spoken to by what is known of its
// insides. mpicc, on the other hand, is wherever an MPI is, and knows where its parts lie,
// so that there is nothing here about that.
//
// # When something fails
//
// What MPI cannot do it says on the standard error, and ends all ranks (its
// MPI_ERRORS_ARE_FATAL). When a rank is killed, or its machine goes, mpirun or srun ends
// the others and returns a status that is not 0. Nobody waits for who does not come.
package mpi
