package autograd

import (
	"fmt"

	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
)

// linearOp is y = x·Wᵀ + b, the layer of every network here.
type linearOp[T Float] struct {
	x *Tensor[T] // (N, in)
	w *Tensor[T] // (out, in)
	b *Tensor[T] // (1, out), or nil
	y *Tensor[T] // (N, out)
}

// Linear returns x·Wᵀ + b for x (N, in), w (out, in) and b (1, out). Weights are
// stored (out, in) as PyTorch's nn.Linear has them; b may be nil.
func Linear[T Float](t *Tape[T], x, w, b *Tensor[T]) *Tensor[T] {
	if x.Cols != w.Cols || b != nil && (b.Rows != 1 || b.Cols != w.Rows) {
		panic(fmt.Sprintf("autograd: Linear: x %v, w %v, b %v", x, w, b))
	}
	grad := x.Grad != nil || w.Grad != nil || b != nil && b.Grad != nil
	y := t.Result(x.Rows, w.Rows, grad)
	// y = x·Wᵀ
	Gemm(blas.NoTrans, blas.Trans, x.Rows, w.Rows, x.Cols, 1, x.Data, x.Cols, w.Data, w.Cols, 0, y.Data, y.Cols)
	if b != nil { // y_n += b
		kernel.AddRow(y.Data, b.Data)
	}
	if grad {
		op := OpStruct[linearOp[T]](t)
		*op = linearOp[T]{x, w, b, y}
		t.Record(op)
	}
	return y
}

func (o *linearOp[T]) Backward() {
	x, w, b, dy := o.x, o.w, o.b, o.y.Grad
	n, in, out := x.Rows, x.Cols, w.Rows
	if x.Grad != nil { // y = x·Wᵀ  ⇒  dx += dy·W
		Gemm(blas.NoTrans, blas.NoTrans, n, in, out, 1, dy, out, w.Data, in, 1, x.Grad, in)
	}
	if w.Grad != nil { // y = x·Wᵀ  ⇒  dW += dyᵀ·x
		Gemm(blas.Trans, blas.NoTrans, out, in, n, 1, dy, out, x.Data, in, 1, w.Grad, in)
	}
	if b != nil && b.Grad != nil { // y_n += b  ⇒  db += Σ_n dy_n
		kernel.SumRows(b.Grad, dy)
	}
}
