package cuda

import (
	"fmt"
	"sync"

	"gonum.org/v1/gonum/blas"
)

// BLAS is gonum's interface for float32 with Sgemm on a card: autograd.Use32 takes it. It
// copies the operands of each product there and the result back, which costs more than
// the product wherever one has less than some hundred operations a number. Any number of
// goroutines may call it; they take turns.
type BLAS struct {
	blas.Float32 // of all else

	mu      sync.Mutex
	device  *Device
	a, b, c Memory
}

// NewBLAS returns the interface over a card, with another implementation for all that is
// not Sgemm.
func NewBLAS(d *Device, rest blas.Float32) *BLAS { return &BLAS{Float32: rest, device: d} }

// Sgemm computes C = alpha·op(A)·op(B) + beta·C. A card that fails is a panic: the
// interface has no errors.
func (s *BLAS) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if m == 0 || n == 0 || k == 0 || alpha == 0 {
		s.Float32.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.device
	defer d.Bind()()
	left, right := s.put(&s.a, a, lda, m, k, tA), s.put(&s.b, b, ldb, k, n, tB)
	result := s.put(&s.c, c, ldc, m, n, blas.NoTrans)
	d.GemmScaled(tA != blas.NoTrans, tB != blas.NoTrans, m, n, k, alpha, left, right, beta, result)
	d.Read(c[:result.n], result.Memory)
	if d.err != nil {
		panic(fmt.Sprintf("cuda: Sgemm: %v", d.err))
	}
}

// put copies a matrix, op of which is (rows, cols), to the card.
func (s *BLAS) put(to *Memory, x []float32, stride, rows, cols int, t blas.Transpose) Matrix {
	if t != blas.NoTrans {
		rows, cols = cols, rows
	}
	n := (rows-1)*stride + cols
	s.device.Grow(to, n)
	m := to.Part(0, n)
	s.device.Write(m, x[:n])
	return m.By(stride)
}
