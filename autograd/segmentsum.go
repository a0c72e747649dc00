package autograd

import (
	"fmt"

	"equifm/autograd/kernel"
)

// segmentSumOp is y_i = Σ_{p: index(p)=i} x_p.
type segmentSumOp[T Float] struct {
	x     *Tensor[T] // (P, C)
	index []int32    // (P), each in [0, N)
	y     *Tensor[T] // (N, C)
}

// SegmentSum returns, for each i < n, the sum of the rows p of x (P, C) with
// index(p) = i: messages summed where they arrive. It is the transpose of
// Gather. The index is kept, not copied; sums run in the order of p.
func SegmentSum[T Float](t *Tape[T], x *Tensor[T], index []int32, n int) *Tensor[T] {
	if len(index) != x.Rows {
		panic(fmt.Sprintf("autograd: SegmentSum: %d indices for %v", len(index), x))
	}
	y := t.Result(n, x.Cols, x.Grad != nil)
	clear(y.Data)
	for p, i := range index {
		if i < 0 || int(i) >= n {
			panic(fmt.Sprintf("autograd: SegmentSum: index %d of %d", i, n))
		}
		kernel.Add(y.Row(int(i)), x.Row(p))
	}
	if y.Grad != nil {
		op := OpStruct[segmentSumOp[T]](t)
		*op = segmentSumOp[T]{x, index, y}
		t.Record(op)
	}
	return y
}

func (o *segmentSumOp[T]) Backward() {
	c := o.x.Cols
	for p, i := range o.index { // y_i = Σ x_p  ⇒  dx_p += dy_i
		kernel.Add(o.x.Grad[p*c:(p+1)*c], o.y.Grad[int(i)*c:(int(i)+1)*c])
	}
}
