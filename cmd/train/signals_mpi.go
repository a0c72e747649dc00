//go:build mpi && unix

package main

import "syscall"

// SIGUSR1 is what mpirun and Slurm pass on to all ranks; at SIGTERM mpirun gives them a second.
func init() { stopping = append(stopping, syscall.SIGUSR1) }
