package chains

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"equifm/molecule"
)

// growing is a molecule on its way.
type growing struct {
	atoms []atom
	last  int // the first atom of the fragment that came last
	rng   *rand.Rand
}

// Numbers that decide what molecules look like.
const (
	goesOn   = 0.8                // of fragments go on where the last ended, the others anywhere
	fluorine = 0.04               // of the hydrogens of carbon, and of those of H2, are fluorine
	wobble   = 10 * math.Pi / 180 // standard deviation of torsions from staggered
	attempts = 60                 // places that a fragment is tried at
	restarts = 1000               // times that a molecule is begun anew
)

// Build returns a molecule of n atoms, 2 or more.
func Build(n int, rng *rand.Rand) (*molecule.Molecule, error) {
	if n < 2 || n > mostAtoms {
		return nil, fmt.Errorf("chains: a molecule of %d atoms, expected 2 to %d", n, mostAtoms)
	}
	for range restarts {
		m := &growing{rng: rng}
		if m.grow(n) {
			return m.filled(), nil
		}
	}
	return nil, fmt.Errorf("chains: no place for %d atoms was found", n)
}

// mostAtoms of a molecule: the time of building grows with the square.
const mostAtoms = 10_000

// grow puts fragments together until hydrogens make up n atoms, or returns false where
// one finds no place.
func (m *growing) grow(n int) bool {
	room := n - 2
	if room == 0 {
		m.atoms = single(m.cap(molecule.H), m.rng).atoms
		return true
	}
	for room > 0 {
		f := drawFragment(room, m.rng)
		if room -= f.adds; len(m.atoms) == 0 {
			m.atoms = f.atoms
		} else if !m.put(f) {
			return false
		}
	}
	return true
}

// put bonds a fragment to the molecule where it fits.
func (m *growing) put(f fragment) bool {
	for range attempts {
		i, j := m.parent(), 0
		if len(f.atoms) > 1 {
			j = 1 + m.rng.IntN(len(f.atoms)-1) // a carbon of the ring
		}
		if i < 0 || !m.allowed(i, f.atoms[j].element) {
			continue
		}
		open, own := m.atoms[i].open(), f.atoms[j].open()
		l, k := open[m.rng.IntN(len(open))], own[m.rng.IntN(len(own))]
		torsion := math.Pi/3*float64(1+2*m.rng.IntN(3)) + wobble*m.rng.NormFloat64()
		if atoms := m.placed(f, i, l, j, k, torsion); !m.clashes(i, atoms, j) {
			m.join(i, l, j, atoms)
			return true
		}
	}
	return false
}

// join makes the bond between atom i, by its bond l, and atom j of those that are new.
func (m *growing) join(i, l, j int, atoms []atom) {
	m.last = len(m.atoms)
	m.atoms[i].bonds[l].other = m.last + j
	m.atoms = append(m.atoms, atoms...)
}

// parent draws an atom that has a bond to get: of the last fragment more often than not;
// -1 where the draw finds none.
func (m *growing) parent() int {
	from := 0
	if m.rng.Float64() < goesOn {
		from = m.last
	}
	i := from + m.rng.IntN(len(m.atoms)-from)
	if len(m.atoms[i].open()) == 0 {
		return -1
	}
	return i
}

// allowed says whether an element may be bonded to atom i: heteroatoms come in pairs at
// most, and only where no carbon has a place.
func (m *growing) allowed(i int, e molecule.Element) bool {
	if e == molecule.C || m.atoms[i].element == molecule.C {
		return true
	}
	for _, b := range m.atoms[i].bonds {
		if b.other != free && m.atoms[b.other].element != molecule.C {
			return false
		}
	}
	return !slices.ContainsFunc(m.atoms, func(a atom) bool { return a.element == molecule.C && len(a.open()) > 0 })
}

// cap draws what ends a bond of an element.
func (m *growing) cap(of molecule.Element) molecule.Element {
	if (of == molecule.C || of == molecule.H) && m.rng.Float64() < fluorine {
		return molecule.F
	}
	return molecule.H
}

// filled ends all free bonds and returns the molecule.
func (m *growing) filled() *molecule.Molecule {
	for i := range len(m.atoms) {
		for l, b := range m.atoms[i].bonds {
			if b.other != free {
				continue
			}
			f := single(m.cap(m.atoms[i].element), m.rng)
			atoms := m.placed(f, i, l, 0, 0, 0)
			if f.atoms[0].element == molecule.F && m.clashes(i, atoms, 0) {
				atoms = m.placed(single(molecule.H, m.rng), i, l, 0, 0, 0)
			}
			m.join(i, l, 0, atoms)
		}
	}
	out := new(molecule.Molecule)
	for _, a := range m.atoms {
		out.Elements, out.Pos = append(out.Elements, a.element), append(out.Pos, a.at)
	}
	return out
}
