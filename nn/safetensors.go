package nn

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"equifm/autograd"
)

// The safetensors format (github.com/huggingface/safetensors), of which this is
// the part that floats need:
//
//	8 bytes   n, the length of the header, little-endian
//	n bytes   JSON: {"__metadata__": {"key": "text", …},
//	          "name": {"dtype": "F32", "shape": [2,3], "data_offsets": [0,24]}, …},
//	          padded with spaces until n is a multiple of 8
//	the rest  the numbers, little-endian, row-major; offsets count from here,
//	          and the tensors cover it without gap or overlap
//
// Written files have the reference implementation's order, so the same tensors
// give the same bytes as there: F64 before F32 for alignment, then by name.

// NamedTensor is an array with a name, the numbers in F32 or in F64.
type NamedTensor struct {
	Name  string
	Shape []int
	F32   []float32
	F64   []float64
}

// Named wraps data, without copying. It panics if the shape does not hold it.
func Named[T autograd.Float](name string, data []T, shape ...int) NamedTensor {
	nt := NamedTensor{Name: name, Shape: shape}
	switch d := any(data).(type) {
	case []float32:
		nt.F32 = d
	case []float64:
		nt.F64 = d
		if d == nil { // which would be F32
			nt.F64 = []float64{}
		}
	}
	nt.mustHold()
	return nt
}

func (nt *NamedTensor) mustHold() {
	n, ok := count(nt.Shape)
	if !ok || nt.F32 != nil && nt.F64 != nil || n != int64(nt.Len()) {
		panic(fmt.Sprintf("nn: tensor %q: shape %v for %d float32 and %d float64", nt.Name, nt.Shape, len(nt.F32), len(nt.F64)))
	}
}

// Len returns how many numbers the tensor has.
func (nt *NamedTensor) Len() int { return len(nt.F32) + len(nt.F64) }

func (nt *NamedTensor) dtype() string {
	if nt.F64 != nil {
		return "F64"
	}
	return "F32"
}

// Write writes tensors and metadata to w in the safetensors format. Names given
// twice are a panic.
func Write(w io.Writer, tensors []NamedTensor, metadata map[string]string) error {
	tensors = inOrder(tensors)
	header, err := encodeHeader(tensors, metadata)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	return writeData(w, tensors)
}

// inOrder returns tensors in the order of the file.
func inOrder(tensors []NamedTensor) []NamedTensor {
	return slices.SortedStableFunc(slices.Values(tensors), func(a, b NamedTensor) int {
		return cmp.Or(strings.Compare(b.dtype(), a.dtype()), strings.Compare(a.Name, b.Name))
	})
}

func writeData(w io.Writer, tensors []NamedTensor) error {
	buf := make([]byte, 0, ioBlock*8)
	for _, nt := range tensors {
		if err := writeFloats(w, buf, nt.F32); err != nil {
			return err
		}
		if err := writeFloats(w, buf, nt.F64); err != nil {
			return err
		}
	}
	return nil
}

// ioBlock is how many numbers are converted at a time.
const ioBlock = 1 << 13

func writeFloats[T autograd.Float](w io.Writer, buf []byte, x []T) error {
	for block := range slices.Chunk(x, ioBlock) {
		b, err := binary.Append(buf[:0], binary.LittleEndian, block)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
