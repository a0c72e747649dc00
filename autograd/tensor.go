package autograd

import (
	"fmt"

	"equifm/autograd/kernel"
)

// Float is the element type: float32 to train, float64 to check gradients.
type Float = kernel.Float

// Tensor is a row-major matrix and the gradient of the loss with respect to it.
// Element (i, j) is Data[i*Cols+j]. A nil Grad marks a constant: operations on
// constants alone are not recorded.
type Tensor[T Float] struct {
	Data, Grad []T // (Rows, Cols) each
	Rows, Cols int
}

// Const wraps data as a (rows, cols) tensor without a gradient. It panics if
// the length does not match.
func Const[T Float](rows, cols int, data []T) *Tensor[T] {
	mustHold("Const", rows, cols, len(data))
	return &Tensor[T]{Data: data, Rows: rows, Cols: cols}
}

// Var wraps data as a (rows, cols) tensor with a gradient of its own, zero at
// first. Backward adds to the gradient; clearing it is the caller's business.
func Var[T Float](rows, cols int, data []T) *Tensor[T] {
	mustHold("Var", rows, cols, len(data))
	return &Tensor[T]{Data: data, Grad: make([]T, len(data)), Rows: rows, Cols: cols}
}

// Row returns row i of the data, without copying.
func (x *Tensor[T]) Row(i int) []T { return x.Data[i*x.Cols : (i+1)*x.Cols] }

// String gives the shape, such as "(3,4)".
func (x *Tensor[T]) String() string { return fmt.Sprintf("(%d,%d)", x.Rows, x.Cols) }

func mustHold(op string, rows, cols, length int) {
	if rows < 0 || cols < 0 || rows*cols != length {
		panic(fmt.Sprintf("autograd: %s: (%d,%d) does not hold %d elements", op, rows, cols, length))
	}
}

func mustSameShape[T Float](op string, a, b *Tensor[T]) {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		panic(fmt.Sprintf("autograd: %s: %v and %v differ in shape", op, a, b))
	}
}

func mustBeColumn[T Float](op string, a, c *Tensor[T]) {
	if c.Cols != 1 || c.Rows != a.Rows {
		panic(fmt.Sprintf("autograd: %s: %v needs a column (%d,1), not %v", op, a, a.Rows, c))
	}
}
