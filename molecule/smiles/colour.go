package smiles

import (
	"slices"

	"equifm/molecule/internal/scratch"
)

// startColours tells atoms apart by what they are on their own.
func (c *canoniser) startColours(colour []int32) {
	c.key = scratch.Resize(c.key, len(c.atom))
	clear(colour)
	for k, i := range c.atom {
		a := &c.s.Atoms[i]
		key := uint64(c.off[k+1]-c.off[k])<<52 | uint64(a.Element)<<44 | uint64(uint8(a.Charge))<<36 |
			uint64(a.Isotope)<<20 | uint64(uint8(a.AllHydrogens()))<<12 | uint64(c.hyd[k])<<1
		if a.Aromatic {
			key |= 1
		}
		c.key[k] = key
	}
	c.split(colour)
}

// split tells atoms of one colour apart by key and returns the number of colours.
func (c *canoniser) split(colour []int32) (cells int) {
	slices.SortFunc(c.order, func(a, b int32) int {
		switch {
		case colour[a] != colour[b]:
			return int(colour[a] - colour[b])
		case c.key[a] < c.key[b]:
			return -1
		case c.key[a] > c.key[b]:
			return 1
		}
		return 0
	})
	now := int32(0)
	previous := int32(-1)
	for place, k := range c.order {
		was := colour[k]
		if place == 0 || was != previous || c.key[k] != c.key[c.order[place-1]] {
			now = int32(place)
			cells++
		}
		previous = was
		colour[k] = now
	}
	return cells
}

// refine tells atoms apart by the colours of their neighbours until that gives
// nothing new, and returns the number of colours. The sum of hashes may miss a
// difference; then the walk is longer, not wrong.
func (c *canoniser) refine(colour []int32) (cells int) {
	for {
		for k := range colour {
			sum := uint64(0)
			for _, n := range c.around(int32(k)) {
				sum += scramble(uint64(colour[n.to])<<3 | uint64(n.order))
			}
			c.key[k] = sum
		}
		now := c.split(colour)
		if now == cells {
			return cells
		}
		cells = now
	}
}

// scramble is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
