package metrics

import (
	"equifm/molecule"
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
)

// radii are van der Waals radii in Å: Bondi, J. Phys. Chem. 68, 441 (1964); B,
// Al and Bi from Mantina et al., J. Phys. Chem. A 113, 5806 (2009).
var radii = [256]float64{
	molecule.H: 1.20, molecule.B: 1.92, molecule.C: 1.70, molecule.N: 1.55, molecule.O: 1.52, molecule.F: 1.47, molecule.Al: 1.84, molecule.Si: 2.10, molecule.P: 1.80, molecule.S: 1.80,
	molecule.Cl: 1.75, molecule.As: 1.85, molecule.Br: 1.85, molecule.I: 1.98, molecule.Hg: 1.55, molecule.Bi: 2.07,
}

// otherRadius stands for elements without an entry.
const otherRadius = 2.0

// hydrogenBond is the least distance (Å) between H and the N, O or F of a
// hydrogen bond, which goes far into the van der Waals radii.
const hydrogenBond = 1.4

// nearest bonds apart at which two atoms can clash: nearer than that, bond
// lengths and angles hold them.
const clashFrom = 4

// clashFinder counts clashes of one molecule after another in the same memory.
type clashFinder struct {
	near  []int8 // (N) bonds from the atom at hand, up to 5; 0 is farther
	queue []int32
}

// count counts the pairs of atoms at least four bonds apart, or in different
// fragments, that are closer than 70% of the least distance of leastDistance, and says
// whether there are such pairs, near or far.
func (f *clashFinder) count(m *molecule.Molecule, s *chem.Structure) (count int, pairs bool) {
	f.near = scratch.Resize(f.near, len(s.Atoms))
	clear(f.near)
	for i := range int32(len(s.Atoms)) {
		f.bondsFrom(s, i)
		for j := range i {
			bonds := f.near[j]
			if bonds != 0 && bonds < clashFrom {
				continue
			}
			pairs = true
			d := (1 - clashTolerance) * leastDistance(m.Elements[i], m.Elements[j], bonds)
			if isHydrogenBond(m.Elements[i], m.Elements[j]) {
				d = min(d, hydrogenBond)
			}
			if m.SquaredDistance(i, j) < d*d {
				count++
			}
		}
		for _, j := range f.queue {
			f.near[j] = 0
		}
	}
	return count, pairs
}

// bondsFrom fills near with the number of bonds between atom i and the atoms up
// to five away, and queue with i and these atoms. It does not go on through crowded
// atoms, over which everything would be two bonds from everything.
func (f *clashFinder) bondsFrom(s *chem.Structure, i int32) {
	f.queue = append(f.queue[:0], i)
	for k := 0; k < len(f.queue); k++ {
		at := f.queue[k]
		if f.near[at] == 5 {
			break
		}
		if k > 0 && s.Degree(at) >= crowded {
			continue
		}
		for _, h := range s.Around(at) {
			if f.near[h.Atom] == 0 && h.Atom != i {
				f.near[h.Atom] = f.near[at] + 1
				f.queue = append(f.queue, h.Atom)
			}
		}
	}
}

// leastDistance (Å) is the sum of the radii, less for atoms four and five bonds
// apart: the scale of RDKit's distance geometry.
func leastDistance(a, b molecule.Element, bonds int8) float64 {
	sum := radius(a) + radius(b)
	switch bonds {
	case 4:
		return 0.7 * sum
	case 5:
		return 0.85 * sum
	}
	return sum
}

func radius(e molecule.Element) float64 {
	if r := radii[e]; r > 0 {
		return r
	}
	return otherRadius
}

func isHydrogenBond(a, b molecule.Element) bool {
	if a != molecule.H {
		a, b = b, a
	}
	return a == molecule.H && (b == molecule.N || b == molecule.O || b == molecule.F)
}
