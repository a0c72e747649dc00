package formats

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"equifm/molecule"
)

// SDFReader reads the records of an SDF file (or the one of a .mol file) one
// after the other, V2000 and V3000 (BIOVIA, "CTfile formats", 2020):
//
//	title
//	program, comment       2 lines, passed over
//	counts line            …V2000 or …V3000
//	atoms and bonds        sdf_v2000.go, sdf_v3000.go
//	M  END
//	> <key>                data items, each ended by a blank line
//	value
//	$$$$
//
// Isotopes, radicals and stereo marks are passed over: a Graph has none.
type SDFReader struct {
	lines
	err error // the first error ends the reading: what follows has no known place
}

// NewSDFReader reads from r; name is the file's name in errors.
func NewSDFReader(r io.Reader, name string) *SDFReader {
	return &SDFReader{lines: newLines(r, name)}
}

// Read returns the next molecule, and io.EOF after the last. What the record
// states of bonds and charges is in its Stated.
func (s *SDFReader) Read() (*molecule.Molecule, error) {
	m, _, err := s.ReadGraph()
	return m, err
}

// ReadGraph returns the next molecule and its bonds and charges as the file has
// them, a graph without any where it states none.
func (s *SDFReader) ReadGraph() (*molecule.Molecule, *molecule.Graph, error) {
	if s.err != nil {
		return nil, nil, s.err
	}
	m, g, err := s.record()
	if err != nil {
		s.err = err
		return nil, nil, err
	}
	return m, g, nil
}

func (s *SDFReader) record() (*molecule.Molecule, *molecule.Graph, error) {
	title, counts, err := s.header()
	if err != nil {
		return nil, nil, err
	}
	m, g := &molecule.Molecule{Name: title}, &molecule.Graph{}
	if strings.HasSuffix(strings.TrimRight(counts, " "), "V3000") {
		err = s.v3000(m, g)
	} else {
		err = s.v2000(counts, m, g)
	}
	if err != nil {
		return nil, nil, err
	}
	g.Elements = slices.Clone(m.Elements)
	if err := orderBonds(g); err != nil {
		return nil, nil, s.errorf("%w", err)
	}
	if !slices.ContainsFunc(g.Charges, func(c int8) bool { return c != 0 }) {
		g.Charges = nil
	}
	if len(g.Bonds) > 0 || g.Charges != nil {
		m.Stated = g
	}
	return m, g, s.items(m)
}

// header reads the title and, past two lines, the counts line. Blank lines
// and then the end are no record.
func (s *SDFReader) header() (title, counts string, err error) {
	var head [4]string
	blank := true
	for i := range head {
		line, err := s.next()
		if err == io.EOF {
			if blank {
				return "", "", io.EOF
			}
			return "", "", s.errorf("expected four header lines, found the end of the file")
		}
		if err != nil {
			return "", "", err
		}
		head[i] = string(line)
		blank = blank && strings.TrimSpace(head[i]) == ""
	}
	return head[0], head[3], nil
}

// items reads the data items after "M  END", up to "$$$$" or the end.
func (s *SDFReader) items(m *molecule.Molecule) error {
	for {
		line, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(line, []byte("$$$$")):
			return nil
		case len(bytes.TrimSpace(line)) == 0:
		case line[0] == '>':
			key, ok := itemKey(string(line))
			if !ok {
				return s.errorf("expected \"> <key>\", found %s", shown(line))
			}
			value, err := s.value()
			if err != nil {
				return err
			}
			m.Properties = append(m.Properties, molecule.Property{Key: key, Value: value})
		default:
			return s.errorf("expected \"> <key>\" or \"$$$$\", found %s", shown(line))
		}
	}
}

// itemKey takes the key out of "> <key>" and its like, ">  25 <key> (3)".
func itemKey(line string) (key string, ok bool) {
	_, rest, ok := strings.Cut(line, "<")
	if !ok {
		return "", false
	}
	key, _, ok = strings.Cut(rest, ">")
	return key, ok
}

// value reads the lines of a data item up to a blank one or the end.
func (s *SDFReader) value() (string, error) {
	var value []byte
	for first := true; ; first = false {
		line, err := s.next()
		if err == io.EOF || err == nil && len(bytes.TrimSpace(line)) == 0 {
			return string(value), nil
		}
		if err != nil {
			return "", err
		}
		if !first {
			value = append(value, '\n')
		}
		if value = append(value, line...); len(value) > maxLine {
			return "", s.errorf("expected a value of at most %d bytes", maxLine)
		}
	}
}

// orderBonds puts the bonds in their order, and refuses two between the same
// atoms.
func orderBonds(g *molecule.Graph) error {
	for k, b := range g.Bonds {
		if b.I > b.J {
			g.Bonds[k].I, g.Bonds[k].J = b.J, b.I
		}
	}
	g.SortBonds()
	for k := 1; k < len(g.Bonds); k++ {
		if a, b := g.Bonds[k-1], g.Bonds[k]; a.I == b.I && a.J == b.J {
			return fmt.Errorf("atoms %d and %d are bonded twice", a.I+1, a.J+1)
		}
	}
	return nil
}

// parseOrder reads a bond's order.
func parseOrder(b []byte) (molecule.BondOrder, error) {
	if len(b) != 1 || b[0] < '1' || b[0] > '4' {
		return 0, fmt.Errorf("expected a bond order of 1, 2, 3 or 4 (aromatic), found %s", shown(b))
	}
	return molecule.BondOrder(b[0] - '0'), nil
}
