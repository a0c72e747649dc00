package metrics

import (
	"equifm/molecule"
)

// Shapes are the distributions of a set of molecules: elements, bond lengths by
// kind of bond, bond angles by the element in the middle, dihedrals by the kind
// of bond in the middle. Values are counted in narrow bins, so a set of any size
// takes little memory and sets counted apart can be merged.
type Shapes struct {
	Elements  [256]int
	Lengths   map[Kind]*Bins // bins of 0.001 Å
	Angles    map[Kind]*Bins // bins of 0.05°
	Dihedrals map[Kind]*Bins // bins of 0.05°, from cis 0° to trans 180°, mirror images alike
}

// NewShapes returns the distributions of no molecules.
func NewShapes() *Shapes {
	return &Shapes{Lengths: map[Kind]*Bins{}, Angles: map[Kind]*Bins{}, Dihedrals: map[Kind]*Bins{}}
}

// Add counts the molecule m with the bonds of g, of crowded atoms their lengths alone.
func (s *Shapes) Add(m *molecule.Molecule, g *molecule.Graph) {
	for _, e := range m.Elements {
		s.Elements[e]++
	}
	var links molecule.Links
	links.Link(m.Len(), g.Bonds)
	for _, b := range g.Bonds {
		kind := bondKind(g.Elements[b.I], g.Elements[b.J], b.Order)
		add(s.Lengths, kind, lengthWidth, distance(m, b.I, b.J))
		if links.Degree(b.I) >= crowded || links.Degree(b.J) >= crowded {
			continue
		}
		for _, i := range links.Around(b.I) {
			for _, j := range links.Around(b.J) {
				if i.Atom == b.J || j.Atom == b.I || i.Atom == j.Atom {
					continue
				}
				if deg, ok := dihedral(m.Pos[i.Atom], m.Pos[b.I], m.Pos[b.J], m.Pos[j.Atom]); ok {
					add(s.Dihedrals, kind, angleWidth, deg)
				}
			}
		}
	}
	for i := range int32(m.Len()) {
		near := links.Around(i)
		if len(near) >= crowded {
			continue
		}
		for k, a := range near {
			for _, b := range near[:k] {
				add(s.Angles, Kind{A: m.Elements[i]}, angleWidth, angle(m.Pos[a.Atom], m.Pos[i], m.Pos[b.Atom]))
			}
		}
	}
}

// Merge adds what o has counted.
func (s *Shapes) Merge(o *Shapes) {
	for e, n := range o.Elements {
		s.Elements[e] += n
	}
	merge(s.Lengths, o.Lengths)
	merge(s.Angles, o.Angles)
	merge(s.Dihedrals, o.Dihedrals)
}
