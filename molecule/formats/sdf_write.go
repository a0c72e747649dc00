package formats

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"equifm/molecule"
)

// SDFWriter writes records that SDFReader reads back: as V2000 with
// coordinates to 1e-4 Å, or, where the fixed columns of V2000 don't hold the
// molecule (more than 999 atoms or bonds, a coordinate of 99999 Å), as V3000
// with all digits.
type SDFWriter struct {
	w   io.Writer
	buf []byte
}

// NewSDFWriter writes to w, one call of w.Write a record.
func NewSDFWriter(w io.Writer) *SDFWriter { return &SDFWriter{w: w} }

// Write writes one record: m's atoms, its name as title, its properties as data
// items, and g's bonds and charges; g may be nil. The format has no way to quote, so a name,
// key or value that would read as something else is refused.
func (s *SDFWriter) Write(m *molecule.Molecule, g *molecule.Graph) error {
	b, err := appendSDF(s.buf[:0], m, g)
	if err != nil {
		return fmt.Errorf("write SDF: %w", err)
	}
	s.buf = b
	_, err = s.w.Write(b)
	return err
}

func appendSDF(b []byte, m *molecule.Molecule, g *molecule.Graph) ([]byte, error) {
	if err := checkSDF(m, g); err != nil {
		return b, err
	}
	b = append(b, m.Name...)
	b = append(b, "\n  equifm            3D\n\n"...)
	if g == nil {
		g = &molecule.Graph{}
	}
	if fitsV2000(m, g.Bonds) {
		b = appendV2000(b, m, g)
	} else {
		b = appendV3000(b, m, g)
	}
	b = append(b, "M  END\n"...)
	for _, p := range m.Properties {
		b = fmt.Appendf(b, "> <%s>\n", p.Key)
		if p.Value != "" {
			b = append(b, p.Value...)
			b = append(b, '\n')
		}
		b = append(b, '\n')
	}
	return append(b, "$$$$\n"...), nil
}

// checkSDF refuses what would not be read back as it is.
func checkSDF(m *molecule.Molecule, g *molecule.Graph) error {
	if strings.ContainsAny(m.Name, "\r\n") || strings.HasPrefix(m.Name, "$$$$") {
		return fmt.Errorf("name %s: holds a line break or begins a record", shown([]byte(m.Name)))
	}
	for _, p := range m.Properties {
		if strings.ContainsAny(p.Key, "\r\n<>") {
			return fmt.Errorf("key %s: holds a line break, < or >", shown([]byte(p.Key)))
		}
		if err := checkValue(p.Value); err != nil {
			return fmt.Errorf("value of %q: %w", p.Key, err)
		}
	}
	for i := range m.Elements {
		if err := checkAtom(m, i); err != nil {
			return err
		}
	}
	if g == nil {
		return nil
	}
	if len(g.Elements) != m.Len() {
		panic(fmt.Sprintf("formats: SDFWriter: %d atoms, graph of %d", m.Len(), len(g.Elements)))
	}
	if len(g.Charges) != 0 && len(g.Charges) != m.Len() {
		panic(fmt.Sprintf("formats: SDFWriter: %d atoms, %d charges", m.Len(), len(g.Charges)))
	}
	for i, c := range g.Charges {
		if c < -mostCharge || c > mostCharge {
			return fmt.Errorf("atom %d: expected a charge between -%d and %[2]d, found %d", i+1, mostCharge, c)
		}
	}
	for _, b := range g.Bonds {
		if b.I < 0 || b.J <= b.I || int(b.J) >= m.Len() || b.Order < molecule.Single || b.Order > molecule.Aromatic {
			panic(fmt.Sprintf("formats: SDFWriter: bond %+v of %d atoms", b, m.Len()))
		}
	}
	return nil
}

// checkValue refuses a value with a line that would end it.
func checkValue(v string) error {
	if v == "" {
		return nil
	}
	for line := range strings.SplitSeq(v, "\n") {
		switch {
		case strings.Contains(line, "\r"):
			return errors.New("holds a carriage return")
		case strings.TrimSpace(line) == "":
			return errors.New("holds a blank line")
		case line[0] == '>' || strings.HasPrefix(line, "$$$$"):
			return fmt.Errorf("the line %s would begin an item or a record", shown([]byte(line)))
		}
	}
	return nil
}

func fitsV2000(m *molecule.Molecule, bonds []molecule.Bond) bool {
	if m.Len() > 999 || len(bonds) > 999 {
		return false
	}
	for _, p := range m.Pos {
		for _, v := range p {
			if v >= 99999.99995 || v <= -9999.99995 { // rounds to more than 10 columns
				return false
			}
		}
	}
	return true
}

func appendV2000(b []byte, m *molecule.Molecule, g *molecule.Graph) []byte {
	b = fmt.Appendf(b, "%3d%3d  0  0  0  0  0  0  0  0999 V2000\n", m.Len(), len(g.Bonds))
	for i, p := range m.Pos {
		b = fmt.Appendf(b, "%10.4f%10.4f%10.4f %-3s 0  0  0  0  0  0  0  0  0  0  0  0\n", p[0], p[1], p[2], m.Elements[i])
	}
	for _, d := range g.Bonds {
		b = fmt.Appendf(b, "%3d%3d%3d  0\n", d.I+1, d.J+1, d.Order)
	}
	return appendV2000Charges(b, g.Charges)
}

func appendV3000(b []byte, m *molecule.Molecule, g *molecule.Graph) []byte {
	b = append(b, "  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\n"...)
	b = fmt.Appendf(b, "M  V30 COUNTS %d %d 0 0 0\nM  V30 BEGIN ATOM\n", m.Len(), len(g.Bonds))
	for i, p := range m.Pos {
		b = fmt.Appendf(b, "M  V30 %d %s", i+1, m.Elements[i])
		for _, v := range p {
			b = append(b, ' ')
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		}
		b = append(b, " 0"...)
		if g.Charges != nil && g.Charges[i] != 0 {
			b = fmt.Appendf(b, " CHG=%d", g.Charges[i])
		}
		b = append(b, '\n')
	}
	b = append(b, "M  V30 END ATOM\n"...)
	if len(g.Bonds) > 0 { // an empty block is refused by some readers
		b = append(b, "M  V30 BEGIN BOND\n"...)
		for k, d := range g.Bonds {
			b = fmt.Appendf(b, "M  V30 %d %d %d %d\n", k+1, d.Order, d.I+1, d.J+1)
		}
		b = append(b, "M  V30 END BOND\n"...)
	}
	return append(b, "M  V30 END CTAB\n"...)
}
