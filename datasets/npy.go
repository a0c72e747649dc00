package datasets

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// npyArray is a matrix in a file of numpy's, of which rows are read as they are asked
// for: NEP 1, versions 1 to 3, little-endian numbers, row after row.
//
// It is read in place and not mapped: the kernel keeps what is read often in its own
// memory either way, and gives that up for others, while pages of a map count as the
// program's, and a file that is cut off while it is mapped ends the program.
type npyArray struct {
	file       *os.File
	name       string
	begin      int64 // of the numbers in the file
	rows, cols int
	wide       int // bytes of a number
	number     func(b []byte) float64
}

// npyNumbers are the kinds of numbers that are read.
var npyNumbers = map[string]struct {
	wide   int
	number func(b []byte) float64
}{
	"<f8": {8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }},
	"<f4": {4, func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) }},
	"<i8": {8, func(b []byte) float64 { return float64(int64(binary.LittleEndian.Uint64(b))) }},
	"<i4": {4, func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) }},
}

var (
	npyDescr   = regexp.MustCompile(`'descr':\s*'([^']*)'`)
	npyFortran = regexp.MustCompile(`'fortran_order':\s*(True|False)`)
	npyShape   = regexp.MustCompile(`'shape':\s*\(([0-9, ]*)\)`)
)

// mostNpyHeader bounds the header of a file; numpy's have 128 bytes.
const mostNpyHeader = 1 << 16

// openNpy opens an array of one or two dimensions; one of one dimension has one column.
func openNpy(name string) (*npyArray, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	a := &npyArray{file: f, name: name}
	if err := a.header(); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// header reads what the file says of itself, and holds it against the file's size.
func (a *npyArray) header() error {
	head := make([]byte, 12)
	if _, err := io.ReadFull(a.file, head[:10]); err != nil || string(head[:6]) != "\x93NUMPY" {
		return fmt.Errorf("expected a file of numpy's that begins with \\x93NUMPY")
	}
	length, at := int64(binary.LittleEndian.Uint16(head[8:])), int64(10)
	if head[6] > 1 {
		if _, err := io.ReadFull(a.file, head[10:]); err != nil {
			return fmt.Errorf("expected a header, found the end of the file")
		}
		length, at = int64(binary.LittleEndian.Uint32(head[8:])), 12
	}
	if length > mostNpyHeader {
		return fmt.Errorf("a header of %d bytes, expected at most %d", length, mostNpyHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(a.file, text); err != nil {
		return fmt.Errorf("expected a header of %d bytes, found the end of the file", length)
	}
	a.begin = at + length
	if err := a.describe(text); err != nil {
		return err
	}
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	if want := a.begin + int64(a.rows)*int64(a.cols)*int64(a.wide); info.Size() != want {
		return fmt.Errorf("%d bytes, expected %d for an array of %d rows and %d columns", info.Size(), want, a.rows, a.cols)
	}
	return nil
}

// describe reads the header's text.
func (a *npyArray) describe(text []byte) error {
	descr, fortran, shape := npyDescr.FindSubmatch(text), npyFortran.FindSubmatch(text), npyShape.FindSubmatch(text)
	if descr == nil || fortran == nil || shape == nil {
		return fmt.Errorf("a header %.200q, expected descr, fortran_order and shape", text)
	}
	kind, ok := npyNumbers[string(descr[1])]
	if !ok {
		return fmt.Errorf("numbers of type %q, expected <f8, <f4, <i8 or <i4", descr[1])
	}
	var extents []int
	for _, word := range strings.FieldsFunc(string(shape[1]), func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n > 1<<40 {
			return fmt.Errorf("a shape (%s), expected whole numbers", shape[1])
		}
		extents = append(extents, n)
	}
	if len(extents) == 1 {
		extents = append(extents, 1)
	}
	if len(extents) != 2 || extents[1] > 1<<10 || string(fortran[1]) == "True" && extents[1] > 1 {
		return fmt.Errorf("shape (%s), fortran_order %s; expected rows and columns, row after row", shape[1], fortran[1])
	}
	a.rows, a.cols, a.wide, a.number = extents[0], extents[1], kind.wide, kind.number
	return nil
}

// read reads rows from one on into values, (n, cols); buf is memory that is used again.
// Goroutines may read at once.
func (a *npyArray) read(from, n int, values []float64, buf []byte) ([]float64, []byte, error) {
	size := n * a.cols * a.wide
	if cap(buf) < size {
		buf = make([]byte, size)
	}
	buf = buf[:size]
	if _, err := a.file.ReadAt(buf, a.begin+int64(from)*int64(a.cols*a.wide)); err != nil {
		return nil, buf, fmt.Errorf("%s: rows %d to %d: %w", a.name, from, from+n-1, err)
	}
	values = values[:0]
	for i := 0; i < size; i += a.wide {
		values = append(values, a.number(buf[i:]))
	}
	return values, buf, nil
}
