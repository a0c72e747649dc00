package molecule

import "math/bits"

// span is a ring: its atoms in cyclic order are pool[lo:hi] of the ringFinder,
// its bonds bondPool[lo:hi], where the k-th bond joins the k-th atom and the next.
type span struct{ lo, hi int32 }

func (r span) len() int { return int(r.hi - r.lo) }

// ringFinder finds RDKit's symmetrised set of smallest rings: the smallest rings
// that Figueras's search meets (J. Chem. Inf. Comput. Sci. 36, 986, 1996), and
// those that could stand in for one of them. Which rings those are depends, in
// cages, on the order of the search, so the order is RDKit's.
type ringFinder struct {
	s        *Structure
	rings    []span  // the result
	bondUses []int32 // (bonds) rings that each bond is in
	atomUses []int32 // (N) rings that each atom is in
	pool     []int32
	bondPool []int32

	extras []span // rings found beyond the independent ones
	found  []span // rings of the fragment under search

	// Sets of atoms of the rings in found: bit i of words words each.
	keys  []uint64
	words int

	degree    []int32 // (N) bonds not yet cut
	live      []bool  // (bonds) not yet cut
	finished  []bool  // (N) atoms that need no more search
	nFinished int
	loose     []int32 // atoms left with one bond or none
	ringBonds []bool  // (bonds) in a ring found from an atom of degree two
	ringAtoms []bool  // (N) likewise

	label     []int32 // (N) fragment of each atom
	fragAtoms []int32
	search    ringSearch
	detour    detourSearch
}

// atoms returns the atoms of r.
func (f *ringFinder) atoms(r span) []int32 { return f.pool[r.lo:r.hi] }

// bonds returns the bonds of r, one of the finished rings.
func (f *ringFinder) bonds(r span) []int32 { return f.bondPool[r.lo:r.hi] }

// find fills rings, bondUses and atomUses for s.
func (f *ringFinder) find(s *Structure) error {
	f.reset(s)
	count := components(s, f.label, &f.fragAtoms)
	if len(s.Bonds)-len(s.Atoms)+count > 0 {
		for c := range int32(count) {
			ok, err := f.fragment(c)
			if err != nil {
				return err
			}
			if !ok {
				f.rings = f.rings[:0]
				f.anyCycles()
				break
			}
		}
		f.symmetrise()
	}
	f.countUses()
	return nil
}

func (f *ringFinder) reset(s *Structure) {
	n, m := len(s.Atoms), len(s.Bonds)
	f.s = s
	f.rings, f.extras, f.pool = f.rings[:0], f.extras[:0], f.pool[:0]
	f.words = (n + 63) / 64
	f.degree, f.finished = resize(f.degree, n), resize(f.finished, n)
	f.ringAtoms, f.label = resize(f.ringAtoms, n), resize(f.label, n)
	f.live, f.ringBonds = resize(f.live, m), resize(f.ringBonds, m)
	clear(f.finished)
	clear(f.ringAtoms)
	clear(f.ringBonds)
	for i := range f.degree {
		f.degree[i] = int32(s.degree(int32(i)))
	}
	for b := range f.live {
		f.live[b] = true
	}
}

// fragment finds the smallest rings of one connected part; ok is false when
// fewer turn up than must be there.
func (f *ringFinder) fragment(c int32) (ok bool, err error) {
	f.fragAtoms = f.fragAtoms[:0]
	halves := 0
	f.loose = f.loose[:0]
	for i := range f.label {
		if f.label[i] != c {
			continue
		}
		f.fragAtoms = append(f.fragAtoms, int32(i))
		halves += int(f.degree[i])
		if f.degree[i] < 2 {
			f.loose = append(f.loose, int32(i))
		}
	}
	bonds := halves / 2
	want := bonds - len(f.fragAtoms) + 1 // the cyclomatic number
	if len(f.fragAtoms) < 3 || want < 1 {
		return true, nil
	}
	f.found, f.keys = f.found[:0], f.keys[:0]
	if err := f.peel(); err != nil {
		return false, err
	}
	if len(f.found) < want {
		if err := f.addDetours(bonds); err != nil {
			return false, err
		}
		if len(f.found) < want {
			return false, nil
		}
	}
	if len(f.found) > want {
		f.dropExtras()
	}
	f.rings = append(f.rings, f.found...)
	return true, nil
}

// peel searches rings from atoms of degree two, then cuts these atoms off; when
// there are none it searches from one of degree three.
func (f *ringFinder) peel() error {
	f.nFinished = 0
	for f.nFinished < len(f.fragAtoms) {
		f.trimLoose()
		if twos := f.pickTwos(); len(twos) > 0 {
			f.fromTwos(twos)
			for _, i := range twos {
				f.finish(i)
			}
			continue
		}
		if f.nFinished >= len(f.fragAtoms) {
			break
		}
		three := int32(-1)
		for _, i := range f.fragAtoms {
			if f.degree[i] == 3 {
				three = i
				break
			}
		}
		if three < 0 {
			break
		}
		if err := f.fromThree(three); err != nil {
			return err
		}
		f.finish(three)
	}
	return nil
}

// finish cuts all bonds of atom i.
func (f *ringFinder) finish(i int32) {
	f.finished[i] = true
	f.nFinished++
	f.loose = f.trim(i, f.loose)
}

func (f *ringFinder) trimLoose() {
	for len(f.loose) > 0 {
		i := f.loose[len(f.loose)-1]
		f.loose = f.loose[:len(f.loose)-1]
		if !f.finished[i] {
			f.finish(i)
		}
	}
}

// trim cuts the live bonds of atom i and appends the neighbours that this leaves
// with at most one to loose.
func (f *ringFinder) trim(i int32, loose []int32) []int32 {
	for _, h := range f.s.around(i) {
		if !f.live[h.bond] {
			continue
		}
		if f.degree[h.to] <= 2 {
			loose = append(loose, h.to)
		}
		f.live[h.bond] = false
		f.degree[h.to]--
		f.degree[i]--
	}
	return loose
}

// keep adds a ring to found unless one of the same atoms is there. It returns
// the index of the atoms' key.
func (f *ringFinder) keep(r span) (key int, added bool) {
	at := len(f.keys)
	for range f.words {
		f.keys = append(f.keys, 0)
	}
	mine := f.keys[at:]
	for _, i := range f.atoms(r) {
		mine[i/64] |= 1 << (i % 64)
	}
	for k := 0; k < at; k += f.words {
		if f.compareKeys(k/f.words, at/f.words) == 0 {
			f.keys = f.keys[:at]
			return k / f.words, false
		}
	}
	f.found = append(f.found, r)
	return at / f.words, true
}

// compareKeys orders sets of atoms by the highest atom that only one of them has.
func (f *ringFinder) compareKeys(a, b int) int {
	for w := f.words - 1; w >= 0; w-- {
		x, y := f.keys[a*f.words+w], f.keys[b*f.words+w]
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
	}
	return 0
}

// countUses fills the bonds of the rings and how often atoms and bonds occur.
func (f *ringFinder) countUses() {
	f.bondUses, f.atomUses = resize(f.bondUses, len(f.s.Bonds)), resize(f.atomUses, len(f.s.Atoms))
	clear(f.bondUses)
	clear(f.atomUses)
	f.fillBonds(f.rings)
	for _, r := range f.rings {
		for k, i := range f.atoms(r) {
			f.atomUses[i]++
			f.bondUses[f.bonds(r)[k]]++
		}
	}
}

// fillBonds computes the bonds of the given rings.
func (f *ringFinder) fillBonds(rings []span) {
	f.bondPool = resize(f.bondPool, len(f.pool))
	for _, r := range rings {
		atoms, bonds := f.atoms(r), f.bonds(r)
		for k := range atoms {
			bonds[k] = f.s.between(atoms[k], atoms[(k+1)%len(atoms)])
		}
	}
}

// subset says whether every bit of a is set in b.
func subset(a, b []uint64) bool {
	for w := range a {
		if a[w]&^b[w] != 0 {
			return false
		}
	}
	return true
}

// common counts the bits set in both a and b.
func common(a, b []uint64) (n int) {
	for w := range a {
		n += bits.OnesCount64(a[w] & b[w])
	}
	return n
}
