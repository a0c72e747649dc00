package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
)

// batchMatMulTOp is c_g = a_g·b_gᵀ for every block of rows g.
type batchMatMulTOp[T Float] struct {
	batch int
	a     *Tensor[T] // (batch·M, K)
	b     *Tensor[T] // (batch·N, K)
	c     *Tensor[T] // (batch·M, N)
}

// BatchMatMulT is [BatchMatMul] with each block of b (batch·N, K) transposed: all
// inner products of a block's rows of a (batch·M, K) with its rows of b, such as an
// attention's queries and keys.
func BatchMatMulT[T Float](t *Tape[T], batch int, a, b *Tensor[T]) *Tensor[T] {
	m, n := mustSplit("BatchMatMulT", batch, a, b)
	if a.Cols != b.Cols {
		panic(fmt.Sprintf("autograd: BatchMatMulT: %v·%vᵀ in %d blocks", a, b, batch))
	}
	k := a.Cols
	c := t.Result(a.Rows, n, a.Grad != nil || b.Grad != nil)
	for g := range batch { // c = a·bᵀ
		Gemm(blas.NoTrans, blas.Trans, m, n, k, 1, block(a.Data, g, m, k), k, block(b.Data, g, n, k), k, 0, block(c.Data, g, m, n), n)
	}
	if c.Grad != nil {
		op := OpStruct[batchMatMulTOp[T]](t)
		*op = batchMatMulTOp[T]{batch, a, b, c}
		t.Record(op)
	}
	return c
}

func (o *batchMatMulTOp[T]) Backward() {
	a, b := o.a, o.b
	m, n, k := a.Rows/o.batch, b.Rows/o.batch, a.Cols
	for g := range o.batch {
		dc := block(o.c.Grad, g, m, n)
		if a.Grad != nil { // c = a·bᵀ  ⇒  da += dc·b
			Gemm(blas.NoTrans, blas.NoTrans, m, k, n, 1, dc, n, block(b.Data, g, n, k), k, 1, block(a.Grad, g, m, k), k)
		}
		if b.Grad != nil { // c = a·bᵀ  ⇒  db += dcᵀ·a
			Gemm(blas.Trans, blas.NoTrans, n, k, m, 1, dc, n, block(a.Data, g, m, k), k, 1, block(b.Grad, g, n, k), k)
		}
	}
}
