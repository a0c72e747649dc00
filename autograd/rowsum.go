package autograd

// rowSumOp is y_i = Σ_j x_ij.
type rowSumOp[T Float] struct {
	x *Tensor[T] // (N, C)
	y *Tensor[T] // (N, 1)
}

// RowSum returns the (N, 1) column of the sums of the rows of x (N, C).
func RowSum[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, 1, x.Grad != nil)
	for i := range y.Data {
		y.Data[i] = sum(x.Row(i))
	}
	if y.Grad != nil {
		op := OpStruct[rowSumOp[T]](t)
		*op = rowSumOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *rowSumOp[T]) Backward() {
	dx, c := o.x.Grad, o.x.Cols
	for i, dy := range o.y.Grad { // y_i = Σ_j x_ij  ⇒  dx_ij += dy_i
		for j := range c {
			dx[i*c+j] += dy
		}
	}
}
