package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
)

// matMulOp is c = a·b.
type matMulOp[T Float] struct {
	a *Tensor[T] // (M, K)
	b *Tensor[T] // (K, N)
	c *Tensor[T] // (M, N)
}

// MatMul returns the matrix product a·b of a (M, K) and b (K, N).
func MatMul[T Float](t *Tape[T], a, b *Tensor[T]) *Tensor[T] {
	if a.Cols != b.Rows {
		panic(fmt.Sprintf("autograd: MatMul: %v·%v", a, b))
	}
	c := t.Result(a.Rows, b.Cols, a.Grad != nil || b.Grad != nil)
	Gemm(blas.NoTrans, blas.NoTrans, a.Rows, b.Cols, a.Cols, 1, a.Data, a.Cols, b.Data, b.Cols, 0, c.Data, c.Cols)
	if c.Grad != nil {
		op := OpStruct[matMulOp[T]](t)
		*op = matMulOp[T]{a, b, c}
		t.Record(op)
	}
	return c
}

func (o *matMulOp[T]) Backward() {
	a, b, dc := o.a, o.b, o.c.Grad
	m, k, n := a.Rows, a.Cols, b.Cols
	if a.Grad != nil { // c = a·b  ⇒  da += dc·bᵀ
		Gemm(blas.NoTrans, blas.Trans, m, k, n, 1, dc, n, b.Data, n, 1, a.Grad, k)
	}
	if b.Grad != nil { // c = a·b  ⇒  db += aᵀ·dc
		Gemm(blas.Trans, blas.NoTrans, k, n, m, 1, a.Data, k, dc, n, 1, b.Grad, n)
	}
}
