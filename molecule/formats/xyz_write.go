package formats

import (
	"fmt"
	"io"
	"strconv"

	"equifm/molecule"
)

// XYZWriter writes molecules as XYZ blocks that XYZReader reads back exactly:
// coordinates with as many digits as their value needs, names and values quoted
// where they would otherwise read as something else.
type XYZWriter struct {
	w   io.Writer
	buf []byte
}

// NewXYZWriter writes to w, one call of w.Write a molecule.
func NewXYZWriter(w io.Writer) *XYZWriter { return &XYZWriter{w: w} }

// Write writes one block.
func (x *XYZWriter) Write(m *molecule.Molecule) error {
	b, err := appendComment(fmt.Appendln(x.buf[:0], m.Len()), m)
	if err != nil {
		return err
	}
	for i, e := range m.Elements {
		if err := checkAtom(m, i); err != nil {
			return fmt.Errorf("write XYZ: %w", err)
		}
		b = append(b, e.String()...)
		for _, v := range m.Pos[i] {
			b = append(b, ' ')
			b = strconv.AppendFloat(b, v, 'f', -1, 64)
		}
		b = append(b, '\n')
	}
	x.buf = b
	_, err = x.w.Write(b)
	return err
}

func appendComment(b []byte, m *molecule.Molecule) ([]byte, error) {
	if m.Name != "" {
		b = appendString(b, m.Name, plainName(m.Name))
	}
	for i, p := range m.Properties {
		if p.Key == columnsKey {
			return b, fmt.Errorf("write XYZ: the key %q describes the columns and cannot be a property", p.Key)
		}
		if i > 0 || m.Name != "" {
			b = append(b, ' ')
		}
		b = appendString(b, p.Key, plainWord(p.Key))
		b = append(b, '=')
		b = appendString(b, p.Value, plainWord(p.Value))
	}
	return append(b, '\n'), nil
}

// checkAtom refuses what no reader would take back: an unknown element, a
// coordinate that is not finite.
func checkAtom(m *molecule.Molecule, i int) error {
	if e := m.Elements[i]; !e.Known() {
		return fmt.Errorf("atom %d: unknown element %d", i+1, uint8(e))
	}
	for _, v := range m.Pos[i] {
		if v-v != 0 { // Inf or NaN
			return fmt.Errorf("atom %d: coordinate %v", i+1, v)
		}
	}
	return nil
}
