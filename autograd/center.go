package autograd

import "fmt"

// centerOp is y = x minus the mean of its block of rows.
type centerOp[T Float] struct {
	x, y  *Tensor[T] // (N, C)
	sizes []int      // rows of each block; they add up to N
}

// Center subtracts from every row of x (N, C) the mean of its block, where the
// blocks are consecutive runs of rows of the given sizes: with one block a
// molecule, it removes the centre of mass. The sizes are kept, not copied.
func Center[T Float](t *Tape[T], x *Tensor[T], sizes []int) *Tensor[T] {
	rows := 0
	for _, s := range sizes {
		rows += s
	}
	if rows != x.Rows {
		panic(fmt.Sprintf("autograd: Center: blocks of %d rows in all for %v", rows, x))
	}
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	clear(y.Data)
	addCentered(y.Data, x.Data, sizes, x.Cols)
	if y.Grad != nil {
		op := OpStruct[centerOp[T]](t)
		*op = centerOp[T]{x, y, sizes}
		t.Record(op)
	}
	return y
}

func (o *centerOp[T]) Backward() {
	// y = C·x with a symmetric projection C  ⇒  dx += C·dy
	addCentered(o.x.Grad, o.y.Grad, o.sizes, o.x.Cols)
}

// addCentered adds x minus its blocks' means to dst, both (N, cols).
func addCentered[T Float](dst, x []T, sizes []int, cols int) {
	for _, s := range sizes {
		for j := range cols {
			var sum T
			for i := range s {
				sum += x[i*cols+j]
			}
			mean := sum / T(s)
			for i := range s {
				dst[i*cols+j] += x[i*cols+j] - mean
			}
		}
		dst, x = dst[s*cols:], x[s*cols:]
	}
}
