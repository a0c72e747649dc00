package rings

import "slices"

// bondBits returns a bitset of the bonds of each ring, words words a ring.
func (f *Finder) bondBits(rings []Ring) (bits []uint64, words int) {
	words = (len(f.ends) + 63) / 64
	bits = make([]uint64, words*len(rings))
	for k, r := range rings {
		for _, b := range f.Bonds(r) {
			bits[k*words+int(b)/64] |= 1 << (b % 64)
		}
	}
	return bits, words
}

// dropExtras moves from found to extras the rings that add no bond to those
// kept: the smallest first, and among equals the one that shares most bonds.
// RDKit's removeExtraRings.
func (f *Finder) dropExtras() {
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
			for j := i + 1; j < len(f.found) && f.found[j].Len() == r.Len(); j++ {
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
	f.found = make([]Ring, 0, len(all))
	for k, r := range all {
		if kept[k] {
			f.found = append(f.found, r)
		} else {
			f.extras = append(f.extras, r)
		}
	}
}

// symmetrise adds to Rings the extras that could replace one of them: of the
// same size, sharing a bond with it and having every bond that it alone has.
// RDKit's symmetrizeSSSR.
func (f *Finder) symmetrise() {
	if len(f.extras) == 0 {
		return
	}
	f.countUses()
	f.fillBonds(f.extras)
	basis := len(f.Rings)
	for _, extra := range f.extras {
		for _, r := range f.Rings[:basis] {
			if r.Len() == extra.Len() && f.canReplace(r, extra) {
				f.Rings = append(f.Rings, extra)
				break
			}
		}
	}
}

func (f *Finder) canReplace(r, extra Ring) bool {
	shares := false
	for _, b := range f.Bonds(r) {
		if slices.Contains(f.Bonds(extra), b) {
			shares = true
		} else if f.BondUses[b] == 1 {
			return false
		}
	}
	return shares
}
