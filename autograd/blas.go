package autograd

import (
	"unsafe"

	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// The seam, a place where one implementation can be put in another's stead: every
// matrix product of the package goes through these two.
var (
	blas32 blas.Float32 = kernel.BLAS{}
	blas64 blas.Float64 = gonum.Implementation{}
)

// Use32 sets the implementation of float32 matrix products: any of gonum's
// interface, such as a binding to a vendor's BLAS. A program that asks for nothing
// gets [kernel.BLAS]; gonum.Implementation{} is the oracle that a test sets to
// judge it by, and takes back. Not while a tape runs: nothing guards it.
func Use32(b blas.Float32) { blas32 = b }

// Use64 sets the implementation of float64 matrix products, gonum's by default.
func Use64(b blas.Float64) { blas64 = b }

// Gemm computes C = alpha·op(A)·op(B) + beta·C through the seam, with op(A)
// (m, k), op(B) (k, n), C (m, n), all row-major with the given strides. It is
// exported for fused operations defined elsewhere.
func Gemm[T Float](tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	if m == 0 || n == 0 {
		return
	}
	switch any(alpha).(type) {
	case float32:
		blas32.Sgemm(tA, tB, m, n, k, float32(alpha), as[float32](a), lda, as[float32](b), ldb, float32(beta), as[float32](c), ldc)
	default:
		blas64.Dgemm(tA, tB, m, n, k, float64(alpha), as[float64](a), lda, as[float64](b), ldb, float64(beta), as[float64](c), ldc)
	}
}

// as views a slice as the element type that T is known to be, where the type
// system cannot say so. It does not copy and, unlike any(x).([]U), does not allocate.
func as[U, T Float](x []T) []U {
	return unsafe.Slice((*U)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func sizeOf[T Float](x T) int { return int(unsafe.Sizeof(x)) }
