package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS is gonum's BLAS, but for Sgemm, which is ours where there is assembly for
// this machine.
type BLAS struct{ gonum.Implementation }

var _ blas.Float32 = BLAS{}
