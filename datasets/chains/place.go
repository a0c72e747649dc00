package chains

import (
	"math"
	"slices"

	"equifm/molecule"
)

// Nearest that atoms more than three bonds apart come to each other, Å: well beyond
// where a bond is seen between them, and beyond what metrics.Checks calls a clash.
const (
	leastHeavy    = 2.8 // of two atoms that are no H
	leastHydrogen = 2.3 // of H and another
	leastBoth     = 1.9 // of two H
)

// point is an atom, or the hydrogen that a free direction may get.
type point struct {
	hydrogen bool
	at       vec
	depth    int // bonds from the atom that a fragment is bonded by; far for more than two
}

const far = 3

// placed returns a fragment's atoms where its atom j, by its bond k, is bonded to atom i
// of the molecule by bond l; the torsion is from the first other bond of i to that of j.
func (m *growing) placed(f fragment, i, l, j, k int, torsion float64) []atom {
	parent, child := &m.atoms[i], &f.atoms[j]
	axis := parent.bonds[l].toward
	to := newFrame(axis, other(parent, l))
	sin, cos := math.Sincos(torsion)
	to = newFrame(axis, add(scaled(cos, to[1]), scaled(sin, to[2])))
	from := newFrame(scaled(-1, child.bonds[k].toward), other(child, k))
	origin := add(parent.at, scaled(length(parent.element, child.element), axis))
	out, first := make([]atom, len(f.atoms)), len(m.atoms)
	for a, old := range f.atoms {
		out[a] = atom{element: old.element, at: add(origin, turn(sub(old.at, child.at), from, to))}
		for _, b := range old.bonds {
			if b.other != free {
				b.other += first
			}
			out[a].bonds = append(out[a].bonds, bond{turn(b.toward, from, to), b.other})
		}
	}
	out[j].bonds[k].other = i
	return out
}

// other returns the direction of an atom's first bond that is not number k.
func other(a *atom, k int) vec {
	if len(a.bonds) == 1 {
		return vec{} // no torsion
	}
	if k == 0 {
		return a.bonds[1].toward
	}
	return a.bonds[0].toward
}

// clashes says whether atoms that are to be bonded to atom i by their atom j come too
// near to what the molecule has, hydrogens that both are going to have included.
func (m *growing) clashes(i int, atoms []atom, j int) bool {
	old := points(m.atoms, 0, i)
	for _, p := range points(atoms, len(m.atoms), j+len(m.atoms)) {
		for _, q := range old {
			if p.depth+q.depth <= 2 { // at most three bonds apart, with the new one
				continue
			}
			least := leastHeavy
			switch {
			case p.hydrogen && q.hydrogen:
				least = leastBoth
			case p.hydrogen || q.hydrogen:
				least = leastHydrogen
			}
			if d := sub(p.at, q.at); dot(d, d) < least*least {
				return true
			}
		}
	}
	return false
}

// points lists atoms, numbered from first on, and their hydrogens to come, by their
// distance in bonds from atom i.
func points(atoms []atom, first, i int) (all []point) {
	depth := slices.Repeat([]int{far}, len(atoms))
	depth[i-first] = 0
	for d := range 2 {
		for k := range atoms {
			for _, b := range atoms[k].bonds {
				if n := b.other - first; depth[k] == d && b.other != free && n >= 0 && n < len(atoms) {
					depth[n] = min(depth[n], d+1)
				}
			}
		}
	}
	for k, a := range atoms {
		all = append(all, point{a.element == molecule.H, a.at, depth[k]})
		for _, b := range a.bonds {
			if b.other == free {
				all = append(all, point{true, add(a.at, scaled(length(a.element, molecule.H), b.toward)), depth[k] + 1})
			}
		}
	}
	return all
}
