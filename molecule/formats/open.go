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

// Open opens a file of molecules, gzipped or not, and chooses its format by the
// extension: .xyz, .extxyz and .txt are XYZ, .sdf, .sd and .mol are SDF; a
// further .gz is passed over.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := newReader(f, path)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &File{r, f}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

func newReader(f io.Reader, path string) (molecule.Reader, error) {
	r, err := gunzip(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	switch ext := strings.ToLower(filepath.Ext(strings.TrimSuffix(path, ".gz"))); ext {
	case ".xyz", ".extxyz", ".txt":
		return NewXYZReader(r, path), nil
	case ".sdf", ".sd", ".mol":
		return NewSDFReader(r, path), nil
	default:
		return nil, fmt.Errorf("%s: expected .xyz, .sdf or .mol (or one of these and .gz), found %q", path, ext)
	}
}

// gunzip unpacks what begins with gzip's two magic bytes and passes on the rest.
func gunzip(f io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(f, 1<<16)
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	return gzip.NewReader(b)
}
