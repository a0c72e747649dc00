package safetensors

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"
	"strings"
)

// Write writes tensors and metadata to w, in the order of the reference
// implementation: F64 before F32, for alignment, then by name. The same tensors
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
		return cmp.Or(strings.Compare(string(b.dtype()), string(a.dtype())), strings.Compare(a.Name, b.Name))
	})
}

func writeData(w io.Writer, tensors []Tensor) error {
	buf := make([]byte, 0, ioBlock*8)
	for _, t := range tensors {
		if err := writeFloats(w, buf, t.F32); err != nil {
			return err
		}
		if err := writeFloats(w, buf, t.F64); err != nil {
			return err
		}
	}
	return nil
}

// ioBlock is how many numbers are converted at a time.
const ioBlock = 1 << 13

func writeFloats[T Float](w io.Writer, buf []byte, x []T) error {
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
