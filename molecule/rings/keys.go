package rings

import "math/bits"

// keep adds a ring to found unless one of the same atoms is there. It returns
// the index of the atoms' key.
func (f *Finder) keep(r Ring) (key int, added bool) {
	at := len(f.keys)
	for range f.words {
		f.keys = append(f.keys, 0)
	}
	mine := f.keys[at:]
	for _, i := range f.Atoms(r) {
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
func (f *Finder) compareKeys(a, b int) int {
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
