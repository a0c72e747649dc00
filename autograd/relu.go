package autograd

// reluOp is y = max(x, 0).
type reluOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// ReLU returns max(x, 0), element by element (Nair & Hinton, ICML 2010). It has a
// kink at 0, where its slope jumps from 0 to 1; the gradient there is 0, as PyTorch
// has it.
func ReLU[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = max(v, 0) // of NaN, NaN
	}
	if y.Grad != nil {
		op := OpStruct[reluOp[T]](t)
		*op = reluOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *reluOp[T]) Backward() {
	dx, dy := o.x.Grad, o.y.Grad
	for i, y := range o.y.Data { // y = max(x, 0)  ⇒  dx += dy where x > 0
		if y != 0 { // NaN too
			dx[i] += dy[i]
		}
	}
}
