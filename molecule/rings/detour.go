package rings

import "slices"

// longestQueue is RDKit's MAX_BFSQ_SIZE, the number of waiting paths at which it
// gives a molecule up.
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
// the peeling misses some in heavily fused cages. As in RDKit's findSSSR, only
// bonds numbered below the fragment's bond count are tried.
func (f *Finder) addDetours(bonds int) error {
	dead := make([]bool, len(f.ends))
	for {
		next := -1
		for b := range bonds {
			i, j := f.ends[b].I, f.ends[b].J
			if !f.ringBonds[b] && !dead[b] && f.ringAtoms[i] && f.ringAtoms[j] {
				next = b
				break
			}
		}
		if next < 0 {
			return nil
		}
		ok, err := f.addDetour(f.ends[next].J, f.ends[next].I)
		if err != nil {
			return err
		}
		dead[next] = !ok
	}
}

// addDetour adds the shortest new ring made of the bond from a to b and a path
// over ring atoms: RDKit's findRingConnectingAtoms.
func (f *Finder) addDetour(a, b int32) (ok bool, err error) {
	d := &f.detour
	d.steps = append(d.steps[:0], step{a, -1})
	for head := 0; head < len(d.steps); head++ {
		if len(d.steps)-head >= longestQueue {
			return false, &Error{len(f.fragAtoms)}
		}
		for _, h := range f.links.Around(d.steps[head].atom) {
			switch {
			case h.Atom == b:
				if head > 0 && f.keepPath(head, b) {
					return true, nil
				}
			case f.ringAtoms[h.Atom] && !d.passes(head, h.Atom):
				d.steps = append(d.steps, step{h.Atom, int32(head)})
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
func (f *Finder) keepPath(last int, b int32) bool {
	lo := len(f.pool)
	f.pool = append(f.pool, b)
	for k := int32(last); k >= 0; k = f.detour.steps[k].back {
		f.pool = append(f.pool, f.detour.steps[k].atom)
	}
	slices.Reverse(f.pool[lo:])
	r := Ring{int32(lo), int32(len(f.pool))}
	_, added := f.keep(r)
	if added {
		f.markRing(r)
	}
	return added
}
