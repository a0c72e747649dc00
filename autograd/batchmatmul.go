package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
)

// batchMatMulOp is c_g = a_g·b_g for every block of rows g.
type batchMatMulOp[T Float] struct {
	batch int
	a     *Tensor[T] // (batch·M, K)
	b     *Tensor[T] // (batch·K, N)
	c     *Tensor[T] // (batch·M, N)
}

// BatchMatMul multiplies block by block: a (batch·M, K) and b (batch·K, N) are each
// batch matrices stacked one below the other, and so is the result (batch·M, N). With
// [BatchMatMulT] and [Softmax] it makes an attention.
func BatchMatMul[T Float](t *Tape[T], batch int, a, b *Tensor[T]) *Tensor[T] {
	m, k := mustSplit("BatchMatMul", batch, a, b)
	if a.Cols != k {
		panic(fmt.Sprintf("autograd: BatchMatMul: %v·%v in %d blocks", a, b, batch))
	}
	n := b.Cols
	c := t.Result(a.Rows, n, a.Grad != nil || b.Grad != nil)
	for g := range batch { // c = a·b
		Gemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, block(a.Data, g, m, k), k, block(b.Data, g, k, n), n, 0, block(c.Data, g, m, n), n)
	}
	if c.Grad != nil {
		op := OpStruct[batchMatMulOp[T]](t)
		*op = batchMatMulOp[T]{batch, a, b, c}
		t.Record(op)
	}
	return c
}

func (o *batchMatMulOp[T]) Backward() {
	a, b := o.a, o.b
	m, k, n := a.Rows/o.batch, a.Cols, b.Cols
	for g := range o.batch {
		dc := block(o.c.Grad, g, m, n)
		if a.Grad != nil { // c = a·b  ⇒  da += dc·bᵀ
			Gemm(blas.NoTrans, blas.Trans, m, k, n, 1, dc, n, block(b.Data, g, k, n), n, 1, block(a.Grad, g, m, k), k)
		}
		if b.Grad != nil { // c = a·b  ⇒  db += aᵀ·dc
			Gemm(blas.Trans, blas.NoTrans, k, n, m, 1, block(a.Data, g, m, k), k, dc, n, 1, block(b.Grad, g, k, n), n)
		}
	}
}

// block returns matrix g of those, (rows, cols) each, that are stacked in x.
func block[T Float](x []T, g, rows, cols int) []T { return x[g*rows*cols : (g+1)*rows*cols] }

// mustSplit returns the rows that a and b have in each of the blocks.
func mustSplit[T Float](op string, batch int, a, b *Tensor[T]) (aRows, bRows int) {
	if batch < 1 || a.Rows%batch != 0 || b.Rows%batch != 0 {
		panic(fmt.Sprintf("autograd: %s: %v and %v in %d blocks", op, a, b, batch))
	}
	return a.Rows / batch, b.Rows / batch
}
