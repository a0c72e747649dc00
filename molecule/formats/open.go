package formats

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"equifm/molecule"
)

// File is an open file of molecules.
type File struct {
	molecule.Reader
	f *os.File
}

// FormatOf returns the format that goes with the ending of a file's name, whatever its case,
// and whether the file is gzipped, by a further .gz: "xyz" for .xyz, .extxyz and .txt, "sdf"
// for .sdf, .sd and .mol, and for another the ending itself, without its dot.
func FormatOf(path string) (format string, packed bool) {
	path, packed = strings.CutSuffix(strings.ToLower(path), ".gz")
	switch ext := strings.TrimPrefix(filepath.Ext(path), "."); ext {
	case "xyz", "extxyz", "txt":
		return "xyz", packed
	case "sdf", "sd", "mol":
		return "sdf", packed
	default:
		return ext, packed
	}
}

// Open opens a file of molecules, gzipped or not, and goes by FormatOf for its format.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s: expected a file of molecules, found a folder", path)
	}
	format, _ := FormatOf(path)
	r, err := NewReader(f, path, format)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &File{r, f}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

// NewReader reads molecules of a format, "xyz" or "sdf", from r, gzipped or not; name is the
// file's name in errors.
func NewReader(r io.Reader, name, format string) (molecule.Reader, error) {
	unpacked, err := gunzip(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch format {
	case "xyz":
		return NewXYZReader(unpacked, name), nil
	case "sdf":
		return NewSDFReader(unpacked, name), nil
	}
	return nil, fmt.Errorf("%s: expected .xyz, .sdf or .mol (or one of these and .gz), found %q", name, format)
}

// gunzip unpacks what begins with gzip's two magic bytes and passes on the rest.
func gunzip(f io.Reader) (io.Reader, error) {
	packed := &counted{Reader: f}
	b := bufio.NewReaderSize(packed, 1<<16)
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	r, err := gzip.NewReader(b)
	if err != nil {
		return nil, err
	}
	return &unpacked{r, packed, 0}, nil
}

// counted counts what is read.
type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked gives up on a file that was made to fill the memory: molecules are packed to
// a third or a tenth of their text, and a thousandth is the least that gzip can do.
type unpacked struct {
	r      io.Reader
	packed *counted
	n      int64
}

const (
	unpackedFree  = 64 << 20 // bytes that are not asked about
	unpackedTimes = 200      // as many bytes of text as there are packed ones
)

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	if u.n > unpackedFree && u.n > unpackedTimes*u.packed.n {
		return 0, fmt.Errorf("expected molecules, found %d bytes packed in %d: more than %d times is no text of theirs", u.n, u.packed.n, unpackedTimes)
	}
	return n, err
}
