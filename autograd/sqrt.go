package autograd

import "math"

// sqrtOp is y = sqrt(x + ε).
type sqrtOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Sqrt returns sqrt(x + eps), element by element. A positive eps keeps the
// gradient finite at x = 0, where the distance of an atom to itself would be.
func Sqrt[T Float](t *Tape[T], x *Tensor[T], eps T) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = T(math.Sqrt(float64(v + eps)))
	}
	if y.Grad != nil {
		op := OpStruct[sqrtOp[T]](t)
		*op = sqrtOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *sqrtOp[T]) Backward() {
	dx, dy := o.x.Grad, o.y.Grad
	for i, y := range o.y.Data { // y = sqrt(x + ε)  ⇒  dx += dy/(2·y)
		dx[i] += dy[i] / (2 * y)
	}
}
