package metrics

import (
	"slices"

	"equifm/molecule"
	"equifm/molecule/chem"
)

// doubleFlat says whether the double bonds of carbons with two neighbours more each are
// flat, and whether there are any.
func doubleFlat(m *molecule.Molecule, s *chem.Structure) (ok, any bool) {
	for _, b := range s.Bonds {
		if b.Order != molecule.Double || s.Atoms[b.I].Element != molecule.C || s.Atoms[b.J].Element != molecule.C || s.Degree(b.I) != 3 || s.Degree(b.J) != 3 {
			continue
		}
		any = true
		points := make([]vec, 0, 6) // each end among the neighbours of the other
		for _, end := range [2]int32{b.I, b.J} {
			for _, h := range s.Around(end) {
				points = append(points, m.Pos[h.Atom])
			}
		}
		if offPlane(points) > flatTolerance {
			return false, true
		}
	}
	return true, any
}

func aromaticFlat(m *molecule.Molecule, s *chem.Structure) bool {
	path := make([]int32, 0, 6)
	for i := range s.Atoms {
		if s.Atoms[i].Aromatic && !ringsFlat(m, s, append(path, int32(i))) {
			return false
		}
	}
	return true
}

// ringsFlat looks at the aromatic rings of 5 and 6 atoms that go on from path,
// whose first atom is the ring's lowest.
func ringsFlat(m *molecule.Molecule, s *chem.Structure, path []int32) bool {
	first, last := path[0], path[len(path)-1]
	for _, h := range s.Around(last) {
		if s.Bonds[h.Bond].Order != molecule.Aromatic {
			continue
		}
		if h.Atom == first && len(path) >= 5 {
			points := make([]vec, 0, 6)
			for _, i := range path {
				points = append(points, m.Pos[i])
			}
			if offPlane(points) > flatTolerance {
				return false
			}
		}
		if h.Atom > first && len(path) < 6 && !slices.Contains(path, h.Atom) && !ringsFlat(m, s, append(path, h.Atom)) {
			return false
		}
	}
	return true
}
