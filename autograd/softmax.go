package autograd

import (
	"math"

	"equifm/autograd/kernel"
)

// softmaxOp is y_ij = exp(x_ij) / Σ_k exp(x_ik).
type softmaxOp[T Float] struct {
	x, y *Tensor[T] // (N, C)
}

// Softmax returns exp(x_ij) / Σ_k exp(x_ik): each row of x (N, C) as positive
// weights of sum 1. The row's maximum is subtracted first, which changes nothing
// but that no exponential overflows and one of them is 1. An element of −Inf gets
// no weight, as a masked one should; a row of nothing else is NaN.
func Softmax[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i := range x.Rows {
		row := y.Row(i)
		expFromMax(row, x.Row(i))
		kernel.Scale(row, 1/sum(row), row)
	}
	if y.Grad != nil {
		op := OpStruct[softmaxOp[T]](t)
		*op = softmaxOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *softmaxOp[T]) Backward() {
	c := o.x.Cols
	for i := range o.x.Rows { // y_j = e^x_j / Σ_k e^x_k  ⇒  dx_j += y_j·(dy_j − Σ_k dy_k·y_k)
		dx, dy, y := o.x.Grad[i*c:(i+1)*c], o.y.Grad[i*c:(i+1)*c], o.y.Row(i)
		dot := kernel.Dot(dy, y)
		for j, v := range y {
			dx[j] += v * (dy[j] - dot)
		}
	}
}

// expFromMax writes dst = exp(x − m) and returns m, the largest of x, or NaN if x
// has one.
func expFromMax[T Float](dst, x []T) (m T) {
	m = T(math.Inf(-1))
	for _, v := range x {
		m = max(m, v)
	}
	for j, v := range x {
		dst[j] = v - m
	}
	kernel.Exp(dst, dst)
	return m
}
