package nn

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"

	"equifm/autograd"
)

// File is an open safetensors file: its header is read and checked, its numbers
// are read when asked for, and once before that where there is a checksum of them.
type File struct {
	Metadata map[string]string
	Entries  []Entry // in the order of the data
	Sealed   bool    // its checksums were there, and right

	name   string // for errors
	r      io.ReaderAt
	start  int64 // of the data
	byName map[string]int
}

// OpenFile opens a safetensors file. Every error, here and later, names path.
func OpenFile(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	file, err := NewFile(path, f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	return file, nil
}

// NewFile reads the header of a safetensors file of size bytes, whoever wrote
// it: a wrong one is an error and costs no more memory than its own length. A
// file by WriteSealed is held against its checksums. The name is for errors.
func NewFile(name string, r io.ReaderAt, size int64) (*File, error) {
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, fmt.Errorf("%s: no safetensors file, %d bytes long: %w", name, size, err)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || int64(n) > size-8 {
		return nil, fmt.Errorf("%s: no safetensors file, or truncated: a header of %d bytes in a file of %d", name, n, size)
	}
	header := make([]byte, 8+n)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), header); err != nil {
		return nil, fmt.Errorf("%s: header: %w", name, err)
	}
	f := &File{name: name, r: r, start: 8 + int64(n)}
	var err error
	if f.Entries, f.Metadata, err = decodeHeader(header[8:], size-f.start); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := f.unseal(header, size); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.byName = make(map[string]int, len(f.Entries))
	for i, e := range f.Entries {
		f.byName[e.Name] = i
	}
	return f, nil
}

// Close closes the file under it.
func (f *File) Close() error {
	if c, ok := f.r.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Lookup returns what the header says of a tensor, and whether it is there.
func (f *File) Lookup(name string) (Entry, bool) {
	i, ok := f.byName[name]
	if !ok {
		return Entry{}, false
	}
	return f.Entries[i], true
}

// ReadInto fills dst with a tensor of the given shape and of T's own type:
// nothing is converted.
func ReadInto[T autograd.Float](f *File, name string, dst []T, shape ...int) error {
	if n, ok := count(shape); !ok || n != int64(len(dst)) {
		panic(fmt.Sprintf("nn: ReadInto: %q: shape %v does not hold %d numbers", name, shape, len(dst)))
	}
	e, err := find[T](f, name)
	if err != nil {
		return err
	}
	if !slices.Equal(e.Shape, shape) {
		return fmt.Errorf("%s: tensor %q has shape %v, want %v", f.name, name, e.Shape, shape)
	}
	return readFloats(f, e, dst)
}

// ReadVector returns a tensor of one dimension, however long.
func ReadVector[T autograd.Float](f *File, name string) ([]T, error) {
	e, err := find[T](f, name)
	if err != nil {
		return nil, err
	}
	if len(e.Shape) != 1 {
		return nil, fmt.Errorf("%s: tensor %q has shape %v, want one dimension", f.name, name, e.Shape)
	}
	x := make([]T, e.Shape[0]) // the file has that many: cover checked it
	return x, readFloats(f, e, x)
}

// find returns the entry of a tensor of type T.
func find[T autograd.Float](f *File, name string) (Entry, error) {
	e, ok := f.Lookup(name)
	if !ok {
		return e, fmt.Errorf("%s: tensor %q is missing", f.name, name)
	}
	if want := dtypeOf[T](); e.DType != want {
		return e, fmt.Errorf("%s: tensor %q is %s, want %s", f.name, name, e.DType, want)
	}
	return e, nil
}

func dtypeOf[T autograd.Float]() string {
	var zero T
	if _, ok := any(zero).(float64); ok {
		return "F64"
	}
	return "F32"
}

func readFloats[T autograd.Float](f *File, e Entry, dst []T) error {
	r := io.NewSectionReader(f.r, f.start+e.begin, e.end-e.begin)
	buf := make([]byte, min(ioBlock*8, e.end-e.begin))
	for block := range slices.Chunk(dst, ioBlock) {
		b := buf[:int64(len(block))*itemSize[e.DType]]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("%s: tensor %q: %w", f.name, e.Name, err)
		}
		if _, err := binary.Decode(b, binary.LittleEndian, block); err != nil {
			return fmt.Errorf("%s: tensor %q: %w", f.name, e.Name, err)
		}
	}
	return nil
}
