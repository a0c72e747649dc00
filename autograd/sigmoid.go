package autograd

import "equifm/autograd/kernel"

// sigmoidOp is y = 1/(1+exp(-x)).
type sigmoidOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Sigmoid returns σ(x) = 1/(1+exp(-x)), element by element.
func Sigmoid[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	kernel.Sigmoid(y.Data, x.Data)
	if y.Grad != nil {
		op := OpStruct[sigmoidOp[T]](t)
		*op = sigmoidOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *sigmoidOp[T]) Backward() {
	// y = σ(x)  ⇒  dx += dy·y·(1-y)
	kernel.SigmoidGrad(o.x.Grad, o.y.Data, o.y.Grad)
}
