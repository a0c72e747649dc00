package autograd

import "equifm/autograd/kernel"

// tanhOp is y = tanh(x).
type tanhOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Tanh returns the hyperbolic tangent, element by element.
func Tanh[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	kernel.Tanh(y.Data, x.Data)
	if y.Grad != nil {
		op := OpStruct[tanhOp[T]](t)
		*op = tanhOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *tanhOp[T]) Backward() {
	// y = tanh(x)  ⇒  dx += dy·(1-y²)
	kernel.TanhGrad(o.x.Grad, o.y.Data, o.y.Grad)
}
