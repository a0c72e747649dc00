package formats

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"equifm/molecule"
)

// XYZReader reads the molecules of an XYZ file one after the other. A block is
//
//	N
//	comment: name and key=value pairs (see parseComment)
//	El x y z     N times, Å; further columns are passed over
//
// and blank lines may stand between blocks. A comment with
// Properties=species:S:1:pos:R:3:… (extended XYZ) says which columns to take;
// that key is not kept, as the molecule holds only these columns.
type XYZReader struct {
	lines
	err error // the first error ends the reading: what follows has no known place
}

// NewXYZReader reads from r; name is the file's name in errors.
func NewXYZReader(r io.Reader, name string) *XYZReader {
	return &XYZReader{lines: newLines(r, name)}
}

// Read returns the next molecule, and io.EOF after the last.
func (x *XYZReader) Read() (*molecule.Molecule, error) {
	if x.err != nil {
		return nil, x.err
	}
	m, err := x.block()
	if err != nil {
		x.err = err
		return nil, err
	}
	return m, nil
}

func (x *XYZReader) block() (*molecule.Molecule, error) {
	n, err := x.count()
	if err != nil {
		return nil, err
	}
	room := min(n, trusted)
	m := &molecule.Molecule{Elements: make([]molecule.Element, 0, room), Pos: make([][3]float64, 0, room)}
	line, err := x.must("a comment line")
	if err != nil {
		return nil, err
	}
	m.Name, m.Properties = parseComment(string(line))
	cols, err := takeColumns(m)
	if err != nil {
		return nil, x.errorf("%w", err)
	}
	for range n {
		if err := x.atom(m, cols); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// count reads the line that begins a block.
func (x *XYZReader) count() (int, error) {
	for {
		line, err := x.next()
		if err != nil {
			return 0, err
		}
		line = bytes.Trim(line, " \t")
		if len(line) == 0 {
			continue
		}
		n, err := parseCount(line, "an atom count")
		if err != nil {
			return 0, x.errorf("%w", err)
		}
		return n, nil
	}
}

// atom reads one atom line into m.
func (x *XYZReader) atom(m *molecule.Molecule, cols xyzColumns) error {
	line, err := x.must("an atom line")
	if err != nil {
		return err
	}
	var (
		e    molecule.Element
		pos  [3]float64
		word []byte
		rest = line
	)
	for c := 0; c <= cols.last(); c++ {
		if word, rest = field(rest); len(word) == 0 {
			return x.errorf("expected an atom line with at least %d columns, found %s", cols.last()+1, shown(line))
		}
		switch k := c - cols.pos; {
		case c == cols.species:
			e, err = parseSymbol(word)
		case 0 <= k && k < 3:
			pos[k], err = parseFloat(word)
		}
		if err != nil {
			return x.errorf("column %d: %w", c+1, err)
		}
	}
	m.Elements = append(m.Elements, e)
	m.Pos = append(m.Pos, pos)
	return nil
}

// xyzColumns says in which columns of an atom line, from 0, the element stands
// and the three coordinates begin.
type xyzColumns struct{ species, pos int }

func (c xyzColumns) last() int { return max(c.species, c.pos+2) }

// takeColumns reads and removes the property "Properties" of extended XYZ.
func takeColumns(m *molecule.Molecule) (xyzColumns, error) {
	for i, p := range m.Properties {
		if p.Key == columnsKey {
			if m.Properties = slices.Delete(m.Properties, i, i+1); len(m.Properties) == 0 {
				m.Properties = nil
			}
			return parseColumns(p.Value)
		}
	}
	return xyzColumns{species: 0, pos: 1}, nil
}

// columnsKey is reserved in an XYZ comment: it describes the atom lines.
const columnsKey = "Properties"

// parseColumns reads name:type:count triples, "species:S:1:pos:R:3".
func parseColumns(s string) (xyzColumns, error) {
	cols := xyzColumns{-1, -1}
	wrong := fmt.Errorf("expected Properties=species:S:1:pos:R:3 or such triples, found %s", shown([]byte(s)))
	parts := strings.Split(s, ":")
	at := 0
	for i := 0; i+2 < len(parts); i += 3 {
		n, err := strconv.Atoi(parts[i+2])
		if err != nil || n < 1 || n > 1000 {
			return cols, wrong
		}
		switch {
		case parts[i] == "species" && n == 1, parts[i] == "Z" && n == 1 && cols.species < 0:
			cols.species = at
		case parts[i] == "pos" && n == 3:
			cols.pos = at
		}
		at += n
	}
	if len(parts)%3 != 0 || cols.species < 0 || cols.pos < 0 {
		return cols, wrong
	}
	return cols, nil
}
