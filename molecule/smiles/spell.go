package smiles

import (
	"slices"
	"strconv"

	"equifm/molecule"
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
)

// speller spells a numbered Structure. Indices are the canoniser's.
type speller struct {
	s    *chem.Structure
	c    *canoniser
	text []byte

	met      []int32       // (K) when the walk met the atom, -1 before
	near     [][]neighbour // (K) bonds, by label of the neighbour; then only those down the tree
	closures []closure
	clock    int32
	digits   []bool // ring numbers in use, from 1
}

// closure is a bond that is not in the tree: the walk met from first.
type closure struct {
	from, to int32
	order    uint32
	digit    int
}

func (w *speller) write(s *chem.Structure, c *canoniser) {
	w.s, w.c = s, c
	w.text, w.closures, w.clock = w.text[:0], w.closures[:0], 0
	n := len(c.atom)
	w.met = scratch.Resize(w.met, n)
	for len(w.near) < n {
		w.near = append(w.near, nil)
	}
	w.digits = w.digits[:0]
	root := int32(0)
	for k := range int32(n) {
		w.met[k] = -1
		w.near[k] = append(w.near[k][:0], c.around(k)...)
		slices.SortFunc(w.near[k], func(a, b neighbour) int { return int(c.label[a.to] - c.label[b.to]) })
		if c.label[k] == 0 {
			root = k
		}
	}
	w.walk(root, -1)
	hydrogens := c.hyd[root]
	if hydrogens > 0 {
		w.text = append(w.text, "[H]"...)
		hydrogens--
	}
	w.spell(root, hydrogens)
}

// walk turns near into the bonds down a depth-first tree and finds the closures.
func (w *speller) walk(k, from int32) {
	w.met[k] = w.clock
	w.clock++
	down := w.near[k][:0]
	for _, n := range w.near[k] {
		switch {
		case n.to == from:
		case w.met[n.to] < 0:
			down = append(down, n)
			w.walk(n.to, k)
		case w.met[n.to] < w.met[k]:
			w.closures = append(w.closures, closure{n.to, k, n.order, 0})
		}
	}
	w.near[k] = down
}

// spell writes atom k, so many of its hydrogens, and all below it.
func (w *speller) spell(k, hydrogens int32) {
	w.spellAtom(w.c.atom[k])
	w.spellClosures(k)
	items := int(hydrogens) + len(w.near[k])
	branch := func(write func()) {
		if items--; items == 0 {
			write()
			return
		}
		w.text = append(w.text, '(')
		write()
		w.text = append(w.text, ')')
	}
	for range hydrogens {
		branch(func() { w.text = append(w.text, "[H]"...) })
	}
	for _, n := range w.near[k] {
		branch(func() {
			w.spellBond(k, n.to, n.order)
			w.spell(n.to, w.c.hyd[n.to])
		})
	}
}

// spellClosures writes the ring numbers at atom k: those that end here, then
// those that begin, which get the least numbers free.
func (w *speller) spellClosures(k int32) {
	for i := range w.closures {
		if r := &w.closures[i]; r.to == k {
			w.spellBond(r.from, k, r.order)
			w.spellDigit(r.digit)
		}
	}
	for i := range w.closures {
		if r := &w.closures[i]; r.from == k {
			r.digit = slices.Index(w.digits, false) + 1
			if r.digit == 0 {
				w.digits = append(w.digits, false)
				r.digit = len(w.digits)
			}
			w.digits[r.digit-1] = true
			w.spellDigit(r.digit)
		}
	}
	for _, r := range w.closures {
		if r.to == k {
			w.digits[r.digit-1] = false
		}
	}
}

func (w *speller) spellDigit(d int) {
	switch {
	case d < 10:
	case d < 100:
		w.text = append(w.text, '%')
	default:
		w.text = append(w.text, "%("...)
	}
	w.text = strconv.AppendInt(w.text, int64(d), 10)
	if d >= 100 {
		w.text = append(w.text, ')')
	}
}

// spellBond writes the bond's sign where the two atoms do not imply it.
func (w *speller) spellBond(a, b int32, order uint32) {
	aromatic := w.s.Atoms[w.c.atom[a]].Aromatic && w.s.Atoms[w.c.atom[b]].Aromatic
	switch molecule.BondOrder(order) {
	case molecule.Single:
		if aromatic {
			w.text = append(w.text, '-')
		}
	case molecule.Double:
		w.text = append(w.text, '=')
	case molecule.Triple:
		w.text = append(w.text, '#')
	case molecule.Aromatic:
		if !aromatic {
			w.text = append(w.text, ':')
		}
	}
}
