package autograd

// squareOp is y = x².
type squareOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// Square returns x², element by element.
func Square[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = v * v
	}
	if y.Grad != nil {
		op := OpStruct[squareOp[T]](t)
		*op = squareOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *squareOp[T]) Backward() {
	dx, dy := o.x.Grad, o.y.Grad
	for i, v := range o.x.Data { // y = x²  ⇒  dx += 2·x·dy
		dx[i] += 2 * v * dy[i]
	}
}
