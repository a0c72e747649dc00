package molecule

// Molecule is a set of atoms in space. Bonds are no part of what is learned: they
// are perceived from the distances (molecule/bonds), or a file states them, and
// live in a Graph.
type Molecule struct {
	Name       string       // title line of an SDF record, plain comment of an XYZ block
	Elements   []Element    // (N)
	Pos        [][3]float64 // (N), Å
	Properties []Property   // key=value pairs, in file order
	Stated     *Graph       // bonds and charges that a file states; nil where it states none
}

// Property is one named value of a molecule, kept as text so that writing what
// was read is the identity.
type Property struct{ Key, Value string }

// Len returns the number of atoms N.
func (m *Molecule) Len() int { return len(m.Elements) }

// Property returns the value under key, and whether it is there.
func (m *Molecule) Property(key string) (string, bool) {
	for _, p := range m.Properties {
		if p.Key == key {
			return p.Value, true
		}
	}
	return "", false
}

// SetProperty replaces the value under key, or appends it.
func (m *Molecule) SetProperty(key, value string) {
	for i := range m.Properties {
		if m.Properties[i].Key == key {
			m.Properties[i].Value = value
			return
		}
	}
	m.Properties = append(m.Properties, Property{key, value})
}

// SquaredDistance of atoms i and j, Å². It adds up the squares in the order x,
// y, z; the conversions forbid fused multiply-adds, so that a distance at the
// very edge of a bond is judged alike on every machine.
func (m *Molecule) SquaredDistance(i, j int32) float64 {
	a, b := &m.Pos[i], &m.Pos[j]
	dx, dy, dz := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float64(float64(dx*dx)+float64(dy*dy)) + float64(dz*dz)
}

// Reader gives molecules one after the other, and io.EOF after the last.
type Reader interface {
	Read() (*Molecule, error)
}
