package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// File is a file that is open: its header is read and checked, its numbers
// are read when asked for, and once before that where there is a checksum of them.
type File struct {
	Name     string // that it was opened with; every error begins with it
	Metadata map[string]string
	Entries  []Entry // in the order of the data
	Sealed   bool    // its checksums were there, and right

	r      io.ReaderAt
	start  int64 // of the data
	byName map[string]int
}

// Open opens a safetensors file: [NewFile] of what is at path, to be closed.
func Open(path string) (*File, error) {
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
// file by [WriteSealed] is held against its checksums. Every error, here and
// later, begins with name.
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
	f := &File{Name: name, r: r, start: 8 + int64(n)}
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
