package autograd

// rowMeanOp is y_i = Σ_j x_ij / C.
type rowMeanOp[T Float] struct {
	x *Tensor[T] // (N, C)
	y *Tensor[T] // (N, 1)
}

// RowMean returns the (N, 1) column of the means of the rows of x (N, C).
func RowMean[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, 1, x.Grad != nil)
	for i := range y.Data {
		y.Data[i] = mean(x.Row(i))
	}
	if y.Grad != nil {
		op := OpStruct[rowMeanOp[T]](t)
		*op = rowMeanOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *rowMeanOp[T]) Backward() {
	dx, c := o.x.Grad, o.x.Cols
	for i, dy := range o.y.Grad { // y_i = Σ_j x_ij / C  ⇒  dx_ij += dy_i/C
		share := dy / T(c)
		for j := range c {
			dx[i*c+j] += share
		}
	}
}

// mean divides by C, rather than multiply by 1/C: of equal numbers it is that number.
func mean[T Float](x []T) T { return sum(x) / T(len(x)) }
