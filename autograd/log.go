package autograd

import "math"

// logOp is y = ln x.
type logOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Log returns the natural logarithm of x, element by element: −Inf of 0, NaN of
// what is negative. The logarithm of a probability is [LogSoftmax]'s to make.
func Log[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = T(math.Log(float64(v)))
	}
	if y.Grad != nil {
		op := OpStruct[logOp[T]](t)
		*op = logOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *logOp[T]) Backward() {
	dx, dy := o.x.Grad, o.y.Grad
	for i, v := range o.x.Data { // y = ln x  ⇒  dx += dy/x
		dx[i] += dy[i] / v
	}
}
