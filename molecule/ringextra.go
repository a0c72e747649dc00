package molecule

import "slices"

// bondBits returns a bitset of the bonds of each ring, words words a ring.
func (f *ringFinder) bondBits(rings []span) (bits []uint64, words int) {
	words = (len(f.s.Bonds) + 63) / 64
	bits = make([]uint64, words*len(rings))
	for k, r := range rings {
		for _, b := range f.bonds(r) {
			bits[k*words+int(b)/64] |= 1 << (b % 64)
		}
	}
	return bits, words
}

// dropExtras moves from found to extras the rings that add no bond to those
// kept: the smallest first, and among equals the one that shares most bonds.
func (f *ringFinder) dropExtras() {
	sortRings(f.found)
	f.fillBonds(f.found)
	bits, words := f.bondBits(f.found)
	of := func(k int) []uint64 { return bits[k*words : (k+1)*words] }
	union := make([]uint64, words)
	taken, kept := make([]bool, len(f.found)), make([]bool, len(f.found))
	take := func(k int) {
		taken[k] = true
		if !subset(of(k), union) {
			kept[k] = true
			for w, x := range of(k) {
				union[w] |= x
			}
		}
	}
	for i, r := range f.found {
		if taken[i] {
			continue
		}
		if take(i); !kept[i] {
			continue
		}
		for {
			best, most := -1, -1
			for j := i + 1; j < len(f.found) && f.found[j].len() == r.len(); j++ {
				if taken[j] {
					continue
				}
				if n := common(of(j), union); n > most {
					best, most = j, n
				}
			}
			if best < 0 {
				break
			}
			take(best)
		}
	}
	all := f.found
	f.found = make([]span, 0, len(all))
	for k, r := range all {
		if kept[k] {
			f.found = append(f.found, r)
		} else {
			f.extras = append(f.extras, r)
		}
	}
}

// symmetrise adds to rings the extras that could replace one of them: of the
// same size, sharing a bond with it and having every bond that it alone has.
func (f *ringFinder) symmetrise() {
	if len(f.extras) == 0 {
		return
	}
	f.countUses()
	f.fillBonds(f.extras)
	basis := len(f.rings)
	for _, extra := range f.extras {
		for _, r := range f.rings[:basis] {
			if r.len() == extra.len() && f.canReplace(r, extra) {
				f.rings = append(f.rings, extra)
				break
			}
		}
	}
}

func (f *ringFinder) canReplace(r, extra span) bool {
	shares := false
	for _, b := range f.bonds(r) {
		if slices.Contains(f.bonds(extra), b) {
			shares = true
		} else if f.bondUses[b] == 1 {
			return false
		}
	}
	return shares
}

// longestQueue is the number of waiting paths at which RDKit gives a molecule up.
const longestQueue = 200000

// detourSearch is the memory of one search for a path beside a bond. A path is
// a chain of steps from its last atom back.
type detourSearch struct {
	steps []step
}

type step struct {
	atom int32
	back int32 // index of the step before, -1 at the start
}

// addDetours closes rings over bonds between ring atoms that no ring has yet:
// the peeling misses some in heavily fused cages. As in RDKit, only bonds
// numbered below the fragment's bond count are tried.
func (f *ringFinder) addDetours(bonds int) error {
	dead := make([]bool, len(f.s.Bonds))
	for {
		next := -1
		for b := range bonds {
			i, j := f.s.Bonds[b].I, f.s.Bonds[b].J
			if !f.ringBonds[b] && !dead[b] && f.ringAtoms[i] && f.ringAtoms[j] {
				next = b
				break
			}
		}
		if next < 0 {
			return nil
		}
		ok, err := f.addDetour(f.s.Bonds[next].J, f.s.Bonds[next].I)
		if err != nil {
			return err
		}
		dead[next] = !ok
	}
}

// addDetour adds the shortest new ring made of the bond from a to b and a path
// over ring atoms.
func (f *ringFinder) addDetour(a, b int32) (ok bool, err error) {
	d := &f.detour
	d.steps = append(d.steps[:0], step{a, -1})
	for head := 0; head < len(d.steps); head++ {
		if len(d.steps)-head >= longestQueue {
			return false, &RingError{len(f.fragAtoms)}
		}
		for _, h := range f.s.around(d.steps[head].atom) {
			switch {
			case h.to == b:
				if head > 0 && f.keepPath(head, b) {
					return true, nil
				}
			case f.ringAtoms[h.to] && !d.passes(head, h.to):
				d.steps = append(d.steps, step{h.to, int32(head)})
			}
		}
	}
	return false, nil
}

func (d *detourSearch) passes(at int, atom int32) bool {
	for k := int32(at); k >= 0; k = d.steps[k].back {
		if d.steps[k].atom == atom {
			return true
		}
	}
	return false
}

// keepPath keeps the ring made of the path that ends in step last, and atom b.
func (f *ringFinder) keepPath(last int, b int32) bool {
	lo := len(f.pool)
	f.pool = append(f.pool, b)
	for k := int32(last); k >= 0; k = f.detour.steps[k].back {
		f.pool = append(f.pool, f.detour.steps[k].atom)
	}
	slices.Reverse(f.pool[lo:])
	r := span{int32(lo), int32(len(f.pool))}
	_, added := f.keep(r)
	if added {
		f.markRing(r)
	}
	return added
}

// anyCycles puts into rings one cycle for every back edge of a depth-first walk:
// what RDKit falls back to when its search comes up short.
func (f *ringFinder) anyCycles() {
	colour := make([]uint8, len(f.s.Atoms))
	var path []int32
	var walk func(i, from int32)
	walk = func(i, from int32) {
		colour[i] = grey
		path = append(path, i)
		for _, h := range f.s.around(i) {
			switch colour[h.to] {
			case white:
				if f.s.degree(h.to) < 2 {
					colour[h.to] = black
				} else {
					walk(h.to, i)
				}
			case grey:
				if from >= 0 && h.to != from {
					lo := len(f.pool)
					for k := len(path) - 1; path[k] != h.to; k-- {
						f.pool = append(f.pool, path[k])
					}
					f.pool = append(f.pool, h.to)
					f.rings = append(f.rings, span{int32(lo), int32(len(f.pool))})
				}
			}
		}
		colour[i] = black
		path = path[:len(path)-1]
	}
	for i := range int32(len(f.s.Atoms)) {
		if colour[i] == white && f.s.degree(i) >= 2 {
			walk(i, -1)
		}
	}
}
