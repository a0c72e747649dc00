package cuda

import "fmt"

// Matrix is a row-major matrix, or a part of one, on the card: row i starts at i·Stride.
type Matrix struct {
	Memory
	Stride int
}

// By returns memory as a matrix of rows of so many numbers.
func (m Memory) By(stride int) Matrix { return Matrix{m, stride} }

// Columns returns the matrix without its first columns.
func (m Matrix) Columns(from int) Matrix { return Matrix{m.Part(from, m.n-from), m.Stride} }

// Gemm computes C = op(A)·op(B) + beta·C, with op(A) (m, k), op(B) (k, n), C (m, n); op
// transposes where tA or tB says so.
func (d *Device) Gemm(tA, tB bool, m, n, k int, a, b Matrix, beta float32, c Matrix) {
	d.GemmScaled(tA, tB, m, n, k, 1, a, b, beta, c)
}

// GemmScaled computes C = alpha·op(A)·op(B) + beta·C.
func (d *Device) GemmScaled(tA, tB bool, m, n, k int, alpha float32, a, b Matrix, beta float32, c Matrix) {
	if m == 0 || n == 0 || k == 0 {
		panic(fmt.Sprintf("cuda: Gemm: (%d,%d)·(%d,%d), expected a number or more", m, k, k, n))
	}
	a.mustHold("A", m, k, tA)
	b.mustHold("B", k, n, tB)
	c.mustHold("C", m, n, false)
	d.scalars = [2]float32{alpha, beta}
	// cuBLAS counts by columns, and so sees transposes: Cᵀ = op(B)ᵀ·op(A)ᵀ.
	d.check("cublasSgemm", func() int32 {
		return d.api.BlasGemm(d.blas, op(tB), op(tA), int32(n), int32(m), int32(k),
			&d.scalars[0], b.at, int32(b.Stride), a.at, int32(a.Stride), &d.scalars[1], c.at, int32(c.Stride))
	})
}

// Matrices is some matrices of one stride and length, for products of all at once.
type Matrices struct {
	first     Matrix
	count     int
	addresses Memory // of every one, two numbers each
}

// Matrices lists count matrices that lie one after another, n numbers each, by rows of
// stride. The list takes memory of its own.
func (d *Device) Matrices(all Memory, count, n, stride int) Matrices {
	addresses := make([]int32, 2*count)
	for i := range count {
		at := all.Part(i*n, n).at
		addresses[2*i], addresses[2*i+1] = int32(uint32(at)), int32(at>>32)
	}
	m := Matrices{all.Part(0, n).By(stride), count, d.New(len(addresses))}
	d.WriteInts(m.addresses, addresses)
	return m
}

// GemmEach computes C = alpha·op(A)·op(B) + beta·C of every matrix of three lists.
func (d *Device) GemmEach(tA, tB bool, m, n, k int, alpha float32, a, b Matrices, beta float32, c Matrices) {
	if m == 0 || n == 0 || k == 0 || a.count != c.count || b.count != c.count {
		panic(fmt.Sprintf("cuda: GemmEach: (%d,%d)·(%d,%d) of %d, %d and %d matrices", m, k, k, n, a.count, b.count, c.count))
	}
	a.first.mustHold("A", m, k, tA)
	b.first.mustHold("B", k, n, tB)
	c.first.mustHold("C", m, n, false)
	d.scalars = [2]float32{alpha, beta}
	d.check("cublasSgemmBatched", func() int32 {
		return d.api.BlasGemmBatched(d.blas, op(tB), op(tA), int32(n), int32(m), int32(k), &d.scalars[0], b.addresses.at, int32(b.first.Stride),
			a.addresses.at, int32(a.first.Stride), &d.scalars[1], c.addresses.at, int32(c.first.Stride), int32(c.count))
	})
}

// mustHold panics unless the memory holds (rows, cols), or its transpose.
func (m Matrix) mustHold(name string, rows, cols int, transposed bool) {
	if transposed {
		rows, cols = cols, rows
	}
	if m.Stride < cols || m.n < (rows-1)*m.Stride+cols {
		panic(fmt.Sprintf("cuda: Gemm: %s (%d,%d) by rows of %d in %d numbers", name, rows, cols, m.Stride, m.n))
	}
}

func op(transposed bool) int32 {
	if transposed {
		return opTransposed
	}
	return opPlain
}
