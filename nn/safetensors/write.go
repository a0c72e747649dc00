package safetensors

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"
)

// Write writes tensors and metadata to w, in the order of the reference
// implementation: F64, F32, BF16, F16, for alignment, then by name. The same tensors
// give the same bytes as there. Names given twice are a panic, as is a shape that
// does not hold its numbers.
func Write(w io.Writer, tensors []Tensor, metadata map[string]string) error {
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
func inOrder(tensors []Tensor) []Tensor {
	return slices.SortedStableFunc(slices.Values(tensors), func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(kinds[b.DType].size, kinds[a.DType].size), cmp.Compare(a.DType, b.DType), cmp.Compare(a.Name, b.Name))
	})
}

func writeData(w io.Writer, tensors []Tensor) error {
	buf := make([]byte, 0, ioBlock*8)
	for _, t := range tensors {
		if err := writeFloats(w, buf, t.DType, t.F32); err != nil {
			return err
		}
		if err := writeFloats(w, buf, t.DType, t.F64); err != nil {
			return err
		}
	}
	return nil
}

// ioBlock is how many numbers are converted at a time.
const ioBlock = 1 << 13

func writeFloats[T Number](w io.Writer, buf []byte, d DType, x []T) error {
	for block := range slices.Chunk(x, ioBlock) {
		b, err := encode(buf[:0], d, block)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// encode appends the bytes of x, as d, to b.
func encode[T Number](b []byte, d DType, x []T) ([]byte, error) {
	narrow := kinds[d].narrow
	if narrow == nil {
		return binary.Append(b, binary.LittleEndian, x)
	}
	for _, v := range x {
		b = binary.LittleEndian.AppendUint16(b, narrow(float32(v)))
	}
	return b, nil
}
