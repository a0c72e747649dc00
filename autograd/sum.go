package autograd

// sumOp is y = Σ_ij x_ij.
type sumOp[T Float] struct {
	x *Tensor[T] // (N, C)
	y *Tensor[T] // (1, 1)
}

// Sum returns the sum of all elements as a (1, 1) tensor: the usual last step of
// a loss.
func Sum[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(1, 1, x.Grad != nil)
	y.Data[0] = sum(x.Data)
	if y.Grad != nil {
		op := OpStruct[sumOp[T]](t)
		*op = sumOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *sumOp[T]) Backward() {
	dy := o.y.Grad[0]
	for i := range o.x.Grad { // y = Σ_ij x_ij  ⇒  dx_ij += dy
		o.x.Grad[i] += dy
	}
}

func sum[T Float](x []T) (s T) {
	for _, v := range x {
		s += v
	}
	return s
}
