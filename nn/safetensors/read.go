package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// ReadInto fills dst with a tensor of the given shape: float64 with one of type
// F64, float32 with one of any other. No number changes on the way.
func ReadInto[T Number](f *File, name string, dst []T, shape ...int) error {
	if n, ok := count(shape); !ok || n != int64(len(dst)) {
		panic(fmt.Sprintf("safetensors: ReadInto: %q: shape %v does not hold %d numbers", name, shape, len(dst)))
	}
	if err := Check[T](f, name, shape...); err != nil {
		return err
	}
	e, _ := f.Lookup(name)
	return readFloats(f, e, dst)
}

// Check returns the error for which [ReadInto] would not read: a tensor that is
// missing, or of another type or shape.
func Check[T Number](f *File, name string, shape ...int) error {
	e, err := find[T](f, name)
	if err != nil {
		return err
	}
	if !slices.Equal(e.Shape, shape) {
		return fmt.Errorf("%s: tensor %q has shape %v, want %v", f.Name, name, e.Shape, shape)
	}
	return nil
}

// ReadVector returns a tensor of one dimension, however long.
func ReadVector[T Number](f *File, name string) ([]T, error) {
	e, err := find[T](f, name)
	if err != nil {
		return nil, err
	}
	if len(e.Shape) != 1 {
		return nil, fmt.Errorf("%s: tensor %q has shape %v, want one dimension", f.Name, name, e.Shape)
	}
	x := make([]T, e.Shape[0]) // the file has that many: cover checked it
	return x, readFloats(f, e, x)
}

// find returns the entry of a tensor that T holds.
func find[T Number](f *File, name string) (Entry, error) {
	e, ok := f.Lookup(name)
	if !ok {
		return e, fmt.Errorf("%s: tensor %q is missing", f.Name, name)
	}
	if !holds[T](e.DType) {
		return e, fmt.Errorf("%s: tensor %q is %s, want %s", f.Name, name, e.DType, own[T]())
	}
	return e, nil
}

func readFloats[T Number](f *File, e Entry, dst []T) error {
	r := io.NewSectionReader(f.r, f.start+e.begin, e.end-e.begin)
	buf := make([]byte, min(ioBlock*8, e.end-e.begin))
	for block := range slices.Chunk(dst, ioBlock) {
		b := buf[:int64(len(block))*kinds[e.DType].size]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("%s: tensor %q: %w", f.Name, e.Name, err)
		}
		if err := decode(block, e.DType, b); err != nil {
			return fmt.Errorf("%s: tensor %q: %w", f.Name, e.Name, err)
		}
	}
	return nil
}

// decode fills x from the bytes of as many numbers of type d.
func decode[T Number](x []T, d DType, b []byte) error {
	widen := kinds[d].widen
	if widen == nil {
		_, err := binary.Decode(b, binary.LittleEndian, x)
		return err
	}
	for i := range x {
		x[i] = T(widen(binary.LittleEndian.Uint16(b[2*i:])))
	}
	return nil
}
