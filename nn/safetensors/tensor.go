package safetensors

import (
	"fmt"
	"slices"
)

// Tensor is an array with a name, to write: numbers in F64 where that is its
// DType, and else in F32, row-major. New makes one; set DType to BF16 or F16 and
// its numbers are rounded as they are written.
type Tensor struct {
	Name  string
	DType DType // in the file
	Shape []int // none for a single number
	F32   []float32
	F64   []float64
}

// New wraps data, without copying, to be written as it is. It panics if the shape
// does not hold it.
func New[T Number](name string, data []T, shape ...int) Tensor {
	t := Tensor{Name: name, DType: own[T](), Shape: shape}
	switch d := any(data).(type) {
	case []float32:
		t.F32 = d
	case []float64:
		t.F64 = d
	}
	t.mustHold()
	return t
}

// mustHold panics unless the numbers are those of the type and the shape.
func (t *Tensor) mustHold() {
	n, ok := count(t.Shape)
	_, known := kinds[t.DType]
	other := len(t.F64)
	if t.DType == F64 {
		other = len(t.F32)
	}
	if !ok || !known || other > 0 || n != int64(t.Len()) {
		panic(fmt.Sprintf("safetensors: tensor %q: %s of shape %v for %d float32 and %d float64", t.Name, t.DType, t.Shape, len(t.F32), len(t.F64)))
	}
}

// Len returns how many numbers the tensor has.
func (t *Tensor) Len() int { return len(t.F32) + len(t.F64) }

// count returns how many numbers a shape has, and whether that is a number.
func count(shape []int) (int64, bool) {
	if slices.Contains(shape, 0) {
		return 0, true
	}
	n := int64(1)
	for _, d := range shape {
		if d < 0 || n > (1<<60)/int64(d) {
			return 0, false
		}
		n *= int64(d)
	}
	return n, true
}
