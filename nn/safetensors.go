package nn

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"os"
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

// SaveFile writes tensors and metadata to a safetensors file, which replaces
// what was at path only when it is complete and on the disk: a program killed
// meanwhile leaves the old file. Names given twice are a panic.
func SaveFile(path string, tensors []NamedTensor, metadata map[string]string) (err error) {
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := Write(f, tensors, metadata); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Write writes tensors and metadata to w in the safetensors format.
func Write(w io.Writer, tensors []NamedTensor, metadata map[string]string) error {
	tensors = slices.Clone(tensors)
	slices.SortFunc(tensors, func(a, b NamedTensor) int {
		return cmp.Or(strings.Compare(b.dtype(), a.dtype()), strings.Compare(a.Name, b.Name))
	})
	header, err := encodeHeader(tensors, metadata)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
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
