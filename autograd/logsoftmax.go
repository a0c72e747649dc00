package autograd

import (
	"math"

	"equifm/autograd/kernel"
)

// logSoftmaxOp is y_ij = x_ij − ln Σ_k exp(x_ik).
type logSoftmaxOp[T Float] struct {
	x, y *Tensor[T] // (N, C)
	row  []T        // (C), scratch
}

// LogSoftmax returns the logarithm of [Softmax], x_ij − ln Σ_k exp(x_ik), row by
// row of x (N, C): what a cross-entropy sums. With m the row's maximum it is
// (x_ij − m) − ln Σ_k exp(x_ik − m), finite where the weight itself underflows.
func LogSoftmax[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	scratch := t.Slice(x.Cols)
	for i := range x.Rows {
		m := expFromMax(scratch, x.Row(i))
		logSum := T(math.Log(float64(sum(scratch))))
		for j, v := range x.Row(i) {
			y.Row(i)[j] = (v - m) - logSum
		}
	}
	if y.Grad != nil {
		op := OpStruct[logSoftmaxOp[T]](t)
		*op = logSoftmaxOp[T]{x, y, scratch}
		t.Record(op)
	}
	return y
}

func (o *logSoftmaxOp[T]) Backward() {
	c := o.x.Cols
	for i := range o.x.Rows { // y_j = x_j − ln Σ_k e^x_k  ⇒  dx_j += dy_j − e^y_j·Σ_k dy_k
		dx, dy := o.x.Grad[i*c:(i+1)*c], o.y.Grad[i*c:(i+1)*c]
		kernel.Exp(o.row, o.y.Row(i)) // the softmax
		kernel.AddScaled(dx, -sum(dy), o.row)
		kernel.Add(dx, dy)
	}
}
