package autograd

import "equifm/autograd/kernel"

// affineOp is y = α·x + β with constant numbers α, β.
type affineOp[T Float] struct {
	x, y  *Tensor[T] // same shape
	alpha T
}

// Affine returns alpha·x + beta, element by element.
func Affine[T Float](t *Tape[T], alpha T, x *Tensor[T], beta T) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = alpha*v + beta
	}
	if y.Grad != nil {
		op := OpStruct[affineOp[T]](t)
		*op = affineOp[T]{x, y, alpha}
		t.Record(op)
	}
	return y
}

// Scale returns alpha·x, element by element.
func Scale[T Float](t *Tape[T], alpha T, x *Tensor[T]) *Tensor[T] { return Affine(t, alpha, x, 0) }

func (o *affineOp[T]) Backward() {
	// y = α·x + β  ⇒  dx += α·dy
	kernel.AddScaled(o.x.Grad, o.alpha, o.y.Grad)
}
