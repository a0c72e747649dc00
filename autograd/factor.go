package autograd

import (
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
)

// Factor is a matrix in the part of a product's right factor, op(B) (k, n). A
// product packs that factor into the order in which it reads it; where many have
// the same one, [Factor.Lay] does so once for all. The numbers come out the same
// to the bit.
type Factor[T Float] struct {
	trans  blas.Transpose
	k, n   int
	b      []T // as it was given
	ldb    int
	laid   bool
	packed kernel.Packed
}

// RightFactor returns op(B) (k, n), row-major with the given stride, without
// copying it.
func RightFactor[T Float](trans blas.Transpose, k, n int, b []T, ldb int) Factor[T] {
	return Factor[T]{trans: trans, k: k, n: n, b: b, ldb: ldb}
}

// LayLen returns how many numbers Lay needs, 0 where there is nothing to gain: in
// float64, behind another implementation of the products, of so few columns that the product
// turns its factors round.
func LayLen[T Float](k, n int) int {
	var zero T
	_, ours := blas32.(kernel.BLAS)
	if _, single := any(zero).(float32); !single || !ours || n < 16 {
		return 0
	}
	return kernel.PackedLen(k, n)
}

// Lay returns the factor laid out in memory, of length LayLen(k, n). B must not
// change while it is in use.
func (f Factor[T]) Lay(memory []T) Factor[T] {
	if len(memory) > 0 && !f.laid {
		f.packed = kernel.Pack(as[float32](memory), f.trans, f.k, f.n, as[float32](f.b), f.ldb)
		f.laid = true
	}
	return f
}

// Multiply computes C = A·op(B) + beta·C for A (m, k) and C (m, n), row-major with the
// given strides.
func (f *Factor[T]) Multiply(m int, a []T, lda int, beta T, c []T, ldc int) {
	f.MultiplyColumns(0, f.n, m, a, lda, beta, c, ldc)
}

// MultiplyColumns is Multiply for columns [from, to) of C alone, to the same bits;
// from is a multiple of [ColumnStep].
func (f *Factor[T]) MultiplyColumns(from, to, m int, a []T, lda int, beta T, c []T, ldc int) {
	if f.laid {
		kernel.BLAS{}.SgemmPacked(m, from, to, as[float32](a), lda, f.packed, float32(beta), as[float32](c), ldc)
		return
	}
	b := f.b[from:]
	if f.trans != blas.NoTrans {
		b = f.b[from*f.ldb:]
	}
	Gemm(blas.NoTrans, f.trans, m, to-from, f.k, 1, a, lda, b, f.ldb, beta, c[from:], ldc)
}

// ColumnStep is what the columns of a product are cut at.
func ColumnStep() int { return kernel.ColumnStep() }
