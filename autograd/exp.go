package autograd

import "equifm/autograd/kernel"

// expOp is y = eˣ.
type expOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Exp returns eˣ, element by element.
func Exp[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	kernel.Exp(y.Data, x.Data)
	if y.Grad != nil {
		op := OpStruct[expOp[T]](t)
		*op = expOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *expOp[T]) Backward() {
	// y = eˣ  ⇒  dx += dy·y
	kernel.MulAdd(o.x.Grad, o.y.Grad, o.y.Data)
}
