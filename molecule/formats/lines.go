package formats

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Bounds on what a file may ask of a reader. A count is only a claim until the
// lines behind it have been read, so nothing is allocated on its word alone.
const (
	maxAtoms = 1_000_000 // atoms of one molecule; also the bound on its bonds
	maxLine  = 1 << 20   // bytes of one line
	trusted  = 256       // atoms a count may allocate before any is read
)

// lines reads a text line by line and knows where it is, so that every error
// can say "file:line: what was expected".
type lines struct {
	r    *bufio.Reader
	name string // of the file, for errors
	n    int    // number of the line last returned, from 1
	long []byte // holds a line that is longer than r's buffer
}

func newLines(r io.Reader, name string) lines {
	return lines{r: bufio.NewReaderSize(r, 1<<16), name: name}
}

// next returns the next line without its end ("\n" or "\r\n"), valid until the
// following call; io.EOF when there is none.
func (l *lines) next() ([]byte, error) {
	l.n++
	line, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.rest(line)
	}
	switch {
	case err == io.EOF && len(line) == 0:
		return nil, io.EOF
	case err != nil && err != io.EOF:
		return nil, l.errorf("%w", err)
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// rest reads on to the end of a line that did not fit into the buffer.
func (l *lines) rest(line []byte) ([]byte, error) {
	l.long = append(l.long[:0], line...)
	for {
		more, err := l.r.ReadSlice('\n')
		l.long = append(l.long, more...)
		if len(l.long) > maxLine {
			return nil, fmt.Errorf("expected a line of at most %d bytes", maxLine)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.long, err
		}
	}
}

// must is next where a line has to be there.
func (l *lines) must(what string) ([]byte, error) {
	line, err := l.next()
	if err == io.EOF {
		return nil, l.errorf("expected %s, found the end of the file", what)
	}
	return line, err
}

func (l *lines) errorf(format string, a ...any) error {
	return fmt.Errorf("%s:%d: %w", l.name, l.n, fmt.Errorf(format, a...))
}

// shown is what an error quotes of a line: enough to recognise it.
func shown(b []byte) string {
	if len(b) > 60 {
		return fmt.Sprintf("%q…", b[:60])
	}
	return fmt.Sprintf("%q", b)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// field cuts the first word off a line; it is empty at the end.
func field(b []byte) (word, rest []byte) {
	i := 0
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	j := i
	for j < len(b) && !isBlank(b[j]) {
		j++
	}
	return b[i:j], b[j:]
}
