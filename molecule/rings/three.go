package rings

import "slices"

// fromThree looks for three rings through atom i of degree three, each pair of
// its bonds in one: RDKit's findRingsD3Node, which here leaves Figueras.
func (f *Finder) fromThree(i int32) error {
	var first [2]Ring
	rings := f.smallest(i, -1)
	copy(first[:], rings)
	count := len(rings)
	for _, r := range rings {
		f.keep(r)
	}
	if count == 0 || count > 2 {
		return nil
	}
	var near [3]int32
	k := 0
	for _, h := range f.links.Around(i) {
		if f.live[h.Bond] && k < 3 {
			near[k] = h.Atom
			k++
		}
	}
	avoid := f.toAvoid(near, first[:count])
	if len(avoid) == 0 {
		return &Error{len(f.fragAtoms)}
	}
	for _, forbidden := range avoid {
		for _, r := range f.smallest(i, forbidden) {
			f.keep(r)
		}
	}
	return nil
}

// toAvoid returns the neighbours without which to look for the rings still
// missing: the one that both of two rings share, or, the last first, the two
// that a single ring runs through.
func (f *Finder) toAvoid(near [3]int32, rings []Ring) []int32 {
	if len(rings) == 2 {
		for _, n := range near {
			if slices.Contains(f.Atoms(rings[0]), n) && slices.Contains(f.Atoms(rings[1]), n) {
				return []int32{n}
			}
		}
		return nil
	}
	for k, n := range near {
		if !slices.Contains(f.Atoms(rings[0]), n) {
			a, b := near[(k+1)%3], near[(k+2)%3]
			if k == 1 {
				a, b = b, a
			}
			return []int32{b, a}
		}
	}
	return nil
}
