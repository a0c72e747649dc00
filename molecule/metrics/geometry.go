package metrics

import (
	"math"
	"slices"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
)

func fits(d, ideal float64) bool { return math.Abs(d-ideal) <= lengthTolerance*ideal }

func distance(m *molecule.Molecule, i, j int32) float64 {
	return math.Sqrt(m.SquaredDistance(i, j))
}

// hasLength says whether there is a bond that lengthsFit looks at.
func hasLength(g *molecule.Graph, t *bonds.Table) bool {
	return slices.ContainsFunc(g.Bonds, func(b molecule.Bond) bool { return t.Length(g.Elements[b.I], g.Elements[b.J], b.Order) > 0 })
}

// hasAngle says whether there is an angle at all.
func hasAngle(s *chem.Structure) bool {
	for i := range int32(len(s.Atoms)) {
		if s.Degree(i) > 1 {
			return true
		}
	}
	return false
}

func lengthsFit(m *molecule.Molecule, g *molecule.Graph, t *bonds.Table) bool {
	for _, b := range g.Bonds {
		ideal := t.Length(g.Elements[b.I], g.Elements[b.J], b.Order)
		if ideal > 0 && !fits(distance(m, b.I, b.J), ideal) {
			return false
		}
	}
	return true
}

// crowded is the number of bonds from which an atom is in no molecule but a heap, as a
// sampler that has come apart makes them: no element has as many neighbours. Its angles
// are not looked at, for in a heap of n atoms there are n³ of them, and n⁴ dihedrals.
const crowded = 17

// anyCrowded says whether a molecule has such an atom.
func anyCrowded(l *molecule.Links) bool {
	for i := range int32(l.Len()) {
		if l.Degree(i) >= crowded {
			return true
		}
	}
	return false
}

// anglesFit compares the distance of two neighbours of an atom, unless they are
// bonded themselves, with what the actual bond lengths and the ideal angle give:
// a right angle where the two face each other across a ring of four. A heap fits none.
func anglesFit(m *molecule.Molecule, s *chem.Structure) bool {
	if anyCrowded(&s.Links) {
		return false
	}
	for i := range int32(len(s.Atoms)) {
		around := s.Around(i)
		cos := math.Cos(idealAngle(s, i))
		for k, a := range around {
			for _, b := range around[:k] {
				if s.Between(a.Atom, b.Atom) >= 0 {
					continue
				}
				p, q := distance(m, i, a.Atom), distance(m, i, b.Atom)
				ideal := math.Sqrt(p*p + q*q - 2*p*q*cos)
				if facing(s, i, a.Atom, b.Atom) {
					ideal = math.Hypot(p, q)
				}
				if !fits(distance(m, a.Atom, b.Atom), ideal) {
					return false
				}
			}
		}
	}
	return true
}

// facing tells whether atoms a and b have a common neighbour other than i.
func facing(s *chem.Structure, i, a, b int32) bool {
	for _, h := range s.Around(a) {
		if h.Atom != i && s.Between(h.Atom, b) >= 0 {
			return true
		}
	}
	return false
}

// idealAngle is the angle (radians) at atom i by its hybridisation, as its bonds
// tell: 180° with a triple or two double bonds, 120° with one double or
// aromatic bonds, the tetrahedron's otherwise.
func idealAngle(s *chem.Structure, i int32) float64 {
	pi := 0
	for _, h := range s.Around(i) {
		switch s.Bonds[h.Bond].Order {
		case molecule.Double:
			pi++
		case molecule.Triple:
			pi += 2
		}
	}
	switch {
	case pi >= 2 && s.Degree(i) == 2:
		return math.Pi
	case pi >= 1 || s.Atoms[i].Aromatic:
		return 2 * math.Pi / 3
	}
	return math.Acos(-1. / 3)
}
