package molecule

import (
	"math"
	"slices"
)

// Check is one of the geometry checks. They follow PoseBusters (Buttenschoen,
// Morris, Deane, Chem. Sci. 15, 3130, 2024) in what is looked at and in the
// tolerances; where PoseBusters asks RDKit's distance geometry for a bound,
// these ask the bond table, the ideal angle of the hybridisation and the van
// der Waals radii. There is no force field, hence no check of the energy.
type Check int

const (
	CheckValid        Check = iota // Sanitize accepts the bond graph
	CheckOneFragment               // all atoms are connected
	CheckBondLengths               // within 25% of the table's length
	CheckBondAngles                // 1-3 distances within 25% of what the ideal angle gives
	CheckFlatAromatic              // aromatic rings of 5 and 6 within 0.25 Å of a plane
	CheckFlatDouble                // C=C and its four neighbours within 0.25 Å of a plane
	CheckClash                     // no two distant atoms 30% inside their van der Waals radii
	NumChecks
)

// CheckNames are the names of the checks, in order.
var CheckNames = [NumChecks]string{"valid", "one_fragment", "bond_lengths", "bond_angles", "flat_aromatic_rings", "flat_double_bonds", "no_clash"}

// PoseBusters' tolerances.
const (
	lengthTolerance = 0.25 // of a bond length or 1-3 distance
	flatTolerance   = 0.25 // Å off the plane
	clashTolerance  = 0.30 // of the least distance
)

// Checks are the results of a molecule.
type Checks struct {
	OK      [NumChecks]bool
	Clashes int // pairs of atoms
}

// Passed tells whether the molecule passes all.
func (c Checks) Passed() bool {
	for _, ok := range c.OK {
		if !ok {
			return false
		}
	}
	return true
}

// CheckGeometry makes the checks on m with the bonds of g as t gives them. A
// graph that is not valid has no aromatic rings; all else is looked at still.
func CheckGeometry(m *Molecule, g *Graph, t *BondTable) Checks {
	s := NewStructure(g)
	valid := m.Len() > 0 && firstNotFinite(m) < 0 && s.Sanitize() == nil
	if !valid {
		s = NewStructure(g)
	}
	label := make([]int32, len(s.Atoms))
	var stack []int32
	c := Checks{Clashes: clashes(m, s)}
	c.OK = [NumChecks]bool{
		CheckValid:        valid,
		CheckOneFragment:  components(s, label, &stack) == 1,
		CheckBondLengths:  lengthsFit(m, g, t),
		CheckBondAngles:   anglesFit(m, s),
		CheckFlatAromatic: aromaticFlat(m, s),
		CheckFlatDouble:   doubleFlat(m, s),
		CheckClash:        c.Clashes == 0,
	}
	return c
}

// length is the tabulated length (Å) of a bond, 0 for one that is not tabulated.
func (t *BondTable) length(a, b Element, order BondOrder) float64 {
	i, j := t.index[a], t.index[b]
	if i < 0 || j < 0 || order < Single || order > Triple {
		return 0
	}
	if cut := t.cut[int(i)*t.rows+int(j)][order-1]; cut > 0 {
		return (cut - bondMargin[order-1]) / 100
	}
	return 0
}

func fits(d, ideal float64) bool { return math.Abs(d-ideal) <= lengthTolerance*ideal }

func distance(m *Molecule, i, j int32) float64 {
	return math.Sqrt(squaredDistance(&m.Pos[i], &m.Pos[j]))
}

func lengthsFit(m *Molecule, g *Graph, t *BondTable) bool {
	for _, b := range g.Bonds {
		ideal := t.length(g.Elements[b.I], g.Elements[b.J], b.Order)
		if ideal > 0 && !fits(distance(m, b.I, b.J), ideal) {
			return false
		}
	}
	return true
}

// anglesFit compares the distance of two neighbours of an atom, unless they are
// bonded themselves, with what the actual bond lengths and the ideal angle give:
// a right angle where the two face each other across a ring of four.
func anglesFit(m *Molecule, s *Structure) bool {
	for i := range int32(len(s.Atoms)) {
		around := s.around(i)
		cos := math.Cos(idealAngle(s, i))
		for k, a := range around {
			for _, b := range around[:k] {
				if s.between(a.to, b.to) >= 0 {
					continue
				}
				p, q := distance(m, i, a.to), distance(m, i, b.to)
				ideal := math.Sqrt(p*p + q*q - 2*p*q*cos)
				if facing(s, i, a.to, b.to) {
					ideal = math.Hypot(p, q)
				}
				if !fits(distance(m, a.to, b.to), ideal) {
					return false
				}
			}
		}
	}
	return true
}

// facing tells whether atoms a and b have a common neighbour other than i.
func facing(s *Structure, i, a, b int32) bool {
	for _, h := range s.around(a) {
		if h.to != i && s.between(h.to, b) >= 0 {
			return true
		}
	}
	return false
}

// idealAngle is the angle (radians) at atom i by its hybridisation, as its bonds
// tell: 180° with a triple or two double bonds, 120° with one double or
// aromatic bonds, the tetrahedron's otherwise.
func idealAngle(s *Structure, i int32) float64 {
	pi := 0
	for _, h := range s.around(i) {
		switch s.Bonds[h.bond].Order {
		case Double:
			pi++
		case Triple:
			pi += 2
		}
	}
	switch {
	case pi >= 2 && s.degree(i) == 2:
		return math.Pi
	case pi >= 1 || s.Atoms[i].Aromatic:
		return 2 * math.Pi / 3
	}
	return math.Acos(-1. / 3)
}

func doubleFlat(m *Molecule, s *Structure) bool {
	for _, b := range s.Bonds {
		if b.Order != Double || s.Atoms[b.I].Element != C || s.Atoms[b.J].Element != C || s.degree(b.I) != 3 || s.degree(b.J) != 3 {
			continue
		}
		var points []vec // (6), each end among the neighbours of the other
		for _, end := range [2]int32{b.I, b.J} {
			for _, h := range s.around(end) {
				points = append(points, m.Pos[h.to])
			}
		}
		if offPlane(points) > flatTolerance {
			return false
		}
	}
	return true
}

func aromaticFlat(m *Molecule, s *Structure) bool {
	for i := range s.Atoms {
		if s.Atoms[i].Aromatic && !ringsFlat(m, s, []int32{int32(i)}) {
			return false
		}
	}
	return true
}

// ringsFlat looks at the aromatic rings of 5 and 6 atoms that go on from path,
// whose first atom is the ring's lowest.
func ringsFlat(m *Molecule, s *Structure, path []int32) bool {
	first, last := path[0], path[len(path)-1]
	for _, h := range s.around(last) {
		if s.Bonds[h.bond].Order != Aromatic {
			continue
		}
		if h.to == first && len(path) >= 5 {
			var points []vec
			for _, i := range path {
				points = append(points, m.Pos[i])
			}
			if offPlane(points) > flatTolerance {
				return false
			}
		}
		if h.to > first && len(path) < 6 && !slices.Contains(path, h.to) && !ringsFlat(m, s, append(path, h.to)) {
			return false
		}
	}
	return true
}
