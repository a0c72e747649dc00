package safetensors

import (
	"fmt"
	"slices"
)

// DType is how numbers stand in a file.
type DType string

// The types that are read and written.
const (
	F64 DType = "F64"
	F32 DType = "F32"
)

// itemSize maps the types to the bytes of a number.
var itemSize = map[DType]int64{F64: 8, F32: 4}

// Float is the numbers in memory.
type Float interface{ float32 | float64 }

// dtypeOf returns the type that T has in a file.
func dtypeOf[T Float]() DType {
	var zero T
	if _, ok := any(zero).(float64); ok {
		return F64
	}
	return F32
}

// Tensor is an array with a name, to write: the numbers in F32 or in F64,
// row-major.
type Tensor struct {
	Name  string
	Shape []int // none for a single number
	F32   []float32
	F64   []float64
}

// New wraps data, without copying. It panics if the shape does not hold it.
func New[T Float](name string, data []T, shape ...int) Tensor {
	t := Tensor{Name: name, Shape: shape}
	switch d := any(data).(type) {
	case []float32:
		t.F32 = d
	case []float64:
		t.F64 = d
		if d == nil { // which would be F32
			t.F64 = []float64{}
		}
	}
	t.mustHold()
	return t
}

func (t *Tensor) mustHold() {
	n, ok := count(t.Shape)
	if !ok || t.F32 != nil && t.F64 != nil || n != int64(t.Len()) {
		panic(fmt.Sprintf("safetensors: tensor %q: shape %v for %d float32 and %d float64", t.Name, t.Shape, len(t.F32), len(t.F64)))
	}
}

// Len returns how many numbers the tensor has.
func (t *Tensor) Len() int { return len(t.F32) + len(t.F64) }

func (t *Tensor) dtype() DType {
	if t.F64 != nil {
		return F64
	}
	return F32
}

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
