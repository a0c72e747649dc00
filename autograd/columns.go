package autograd

import (
	"fmt"

	"equifm/autograd/kernel"
)

// columnsOp is y = x[:, from:to].
type columnsOp[T Float] struct {
	x    *Tensor[T] // (N, C)
	y    *Tensor[T] // (N, to-from)
	from int
}

// Columns returns columns from, …, to-1 of x, copied.
func Columns[T Float](t *Tape[T], x *Tensor[T], from, to int) *Tensor[T] {
	if from < 0 || from > to || to > x.Cols {
		panic(fmt.Sprintf("autograd: Columns: [%d:%d] of %v", from, to, x))
	}
	y := t.Result(x.Rows, to-from, x.Grad != nil)
	for i := range x.Rows {
		copy(y.Row(i), x.Row(i)[from:to])
	}
	if y.Grad != nil {
		op := OpStruct[columnsOp[T]](t)
		*op = columnsOp[T]{x, y, from}
		t.Record(op)
	}
	return y
}

func (o *columnsOp[T]) Backward() {
	c, w := o.x.Cols, o.y.Cols
	for i := range o.x.Rows { // y = x[:, from:to]  ⇒  dx[:, from:to] += dy
		kernel.Add(o.x.Grad[i*c+o.from:i*c+o.from+w], o.y.Grad[i*w:(i+1)*w])
	}
}
