package autograd

import (
	"fmt"

	"equifm/autograd/kernel"
)

// gatherOp is y_p = x_index(p).
type gatherOp[T Float] struct {
	x     *Tensor[T] // (N, C)
	index []int32    // (P), each in [0, N)
	y     *Tensor[T] // (P, C)
}

// Gather returns the rows of x (N, C) that index (P) names, as a (P, C) tensor:
// what an edge sees of one of its atoms. The index is kept, not copied.
func Gather[T Float](t *Tape[T], x *Tensor[T], index []int32) *Tensor[T] {
	y := t.Result(len(index), x.Cols, x.Grad != nil)
	for p, i := range index {
		if i < 0 || int(i) >= x.Rows {
			panic(fmt.Sprintf("autograd: Gather: row %d of %v", i, x))
		}
		copy(y.Row(p), x.Row(int(i)))
	}
	if y.Grad != nil {
		op := OpStruct[gatherOp[T]](t)
		*op = gatherOp[T]{x, index, y}
		t.Record(op)
	}
	return y
}

func (o *gatherOp[T]) Backward() {
	c := o.x.Cols
	for p, i := range o.index { // y_p = x_i  ⇒  dx_i += dy_p
		kernel.Add(o.x.Grad[int(i)*c:(int(i)+1)*c], o.y.Grad[p*c:(p+1)*c])
	}
}
