package rings

import (
	"math"
	"slices"

	"equifm/molecule/internal/scratch"
)

// find says that the search from an atom met the ring of a key.
type find struct {
	from int32
	key  int
}

// pickTwos returns one atom of every chain of atoms of degree two: RDKit's
// pickD2Nodes.
func (f *Finder) pickTwos() []int32 {
	q := &f.search
	q.twos = q.twos[:0]
	q.hidden = scratch.Resize(q.hidden, f.links.Len())
	clear(q.hidden)
	for _, i := range f.fragAtoms {
		if f.degree[i] == 2 && !q.hidden[i] {
			q.hidden[i] = true
			q.twos = append(q.twos, i)
			f.hideChain(i)
		}
	}
	return q.twos
}

// hideChain marks the atoms of degree two that i stands for: markUselessD2s.
func (f *Finder) hideChain(i int32) {
	for _, h := range f.links.Around(i) {
		if f.live[h.Bond] && !f.search.hidden[h.Atom] && f.degree[h.Atom] == 2 {
			f.search.hidden[h.Atom] = true
			f.hideChain(h.Atom)
		}
	}
}

// fromTwos searches from every atom of twos, remembering which of them meet the
// same ring: RDKit's findRingsD2nodes.
func (f *Finder) fromTwos(twos []int32) {
	q := &f.search
	q.finds = q.finds[:0]
	for _, i := range twos {
		rings := f.smallest(i, -1)
		for _, r := range rings {
			key, added := f.keep(r)
			if added {
				f.markRing(r)
			}
			q.finds = append(q.finds, find{i, key})
		}
		if len(rings) == 0 {
			for chain := []int32{i}; len(chain) > 0; {
				last := chain[len(chain)-1]
				chain = f.trim(last, chain[:len(chain)-1])
			}
		}
	}
	f.fromTwins()
}

// markRing notes the atoms and bonds of r as part of a ring.
func (f *Finder) markRing(r Ring) {
	atoms := f.Atoms(r)
	for k, i := range atoms {
		f.ringAtoms[i] = true
		f.ringBonds[f.links.Between(i, atoms[(k+1)%len(atoms)])] = true
	}
}

// fromTwins searches again from atoms that met the same ring, each time with the
// bonds of the others cut: one of them may be in a second small ring that the
// first hid. RDKit's findSSSRforDupCands.
func (f *Finder) fromTwins() {
	q := &f.search
	q.order = q.order[:0]
	for _, d := range q.finds {
		if !slices.Contains(q.order, d.key) {
			q.order = append(q.order, d.key)
		}
	}
	slices.SortFunc(q.order, f.compareKeys)
	for _, key := range q.order {
		twins := 0
		for _, d := range q.finds {
			if d.key == key {
				twins++
			}
		}
		if twins > 1 {
			f.fromTwinsOf(key)
		}
	}
}

// fromTwinsOf searches from the atoms that met the ring of a key, and keeps the
// smallest of what they find.
func (f *Finder) fromTwinsOf(key int) {
	q := &f.search
	q.degree = append(q.degree[:0], f.degree...)
	q.live = append(q.live[:0], f.live...)
	q.fresh = q.fresh[:0]
	size := math.MaxInt
	for _, d := range q.finds {
		if d.key != key {
			continue
		}
		f.trimTwins(d.from)
		for _, r := range f.smallest(d.from, -1) {
			size = min(size, r.Len())
			q.fresh = append(q.fresh, r)
		}
		copy(f.degree, q.degree)
		copy(f.live, q.live)
	}
	for _, r := range q.fresh {
		if r.Len() == size {
			f.keep(r)
		}
	}
}

// trimTwins cuts the bonds of every atom that met a ring which i met too.
func (f *Finder) trimTwins(i int32) {
	var unused []int32
	for _, mine := range f.search.finds {
		if mine.from != i {
			continue
		}
		for _, d := range f.search.finds {
			if d.key == mine.key && d.from != i {
				unused = f.trim(d.from, unused[:0])
			}
		}
	}
}
