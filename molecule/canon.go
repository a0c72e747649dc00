package molecule

import "slices"

// canoniser numbers the atoms of a connected Structure so that equal molecules,
// whatever the order of their atoms, get equal numberings up to symmetry.
//
// Colours are refined by those of the neighbours; while atoms of one colour
// remain, one after the other of the first such cell is singled out, which spans
// a tree whose leaves are numberings. The leaf with the least list of bonds
// wins. Two leaves with the same list are a symmetry of the molecule, and by it
// whole branches of the tree need not be walked (McKay, Congr. Numer. 30, 45,
// 1981). This is right for any graph, and quick for those of chemistry.
//
// Hydrogens on a single bond to a heavier atom are part of that atom here: of
// the three of a methyl group none is like another to be told apart.
type canoniser struct {
	s    *Structure
	atom []int32     // (K) the atoms numbered
	of   []int32     // (N) place in atom, -1 for a hydrogen that is part of its neighbour
	hyd  []int32     // (K) hydrogens that are part of the atom
	off  []int32     // (K+1)
	near []neighbour // bonds between the atoms numbered, a list each

	key    []uint64  // (K) what tells atoms apart: the element and so on, then their surroundings
	order  []int32   // (K) the atoms by colour
	colour [][]int32 // [depth](K) number of atoms of lesser colours
	path   []int32   // atoms singled out on the way down
	cell   [][]int32 // [depth] atoms to single out in turn

	code     []uint32 // list of bonds of the leaf at hand
	best     []uint32 // the least so far
	label    []int32  // (K) its numbering
	bestPath []int32
	symmetry [][]int32 // symmetries found: atom k goes to symmetry[·][k]
	spare    [][]int32 // symmetries of earlier molecules, for reuse
	orbit    []int32
	inOrbit  []bool
	atLabel  []int32
	bestAt   []int32
}

type neighbour struct {
	to    int32
	order uint32
}

// number fills label for s, all of whose atoms must be connected.
func (c *canoniser) number(s *Structure) {
	c.contract(s)
	n := len(c.atom)
	c.spare = append(c.spare, c.symmetry...)
	c.symmetry = c.symmetry[:0]
	c.best, c.path, c.bestPath = c.best[:0], c.path[:0], c.bestPath[:0]
	c.label, c.order = resize(c.label, n), resize(c.order, n)
	for k := range c.order {
		c.order[k] = int32(k)
	}
	first := c.at(0)
	c.startColours(first)
	c.walk(0)
}

// at returns the colours of a depth.
func (c *canoniser) at(depth int) []int32 {
	for len(c.colour) <= depth {
		c.colour = append(c.colour, nil)
		c.cell = append(c.cell, nil)
	}
	c.colour[depth] = resize(c.colour[depth], len(c.atom))
	return c.colour[depth]
}

// contract decides which atoms are numbered and lists the bonds between them.
func (c *canoniser) contract(s *Structure) {
	c.s = s
	c.of = resize(c.of, len(s.Atoms))
	c.atom = c.atom[:0]
	for i := range s.Atoms {
		c.of[i] = -1
		if !partOfNeighbour(s, int32(i)) {
			c.of[i] = int32(len(c.atom))
			c.atom = append(c.atom, int32(i))
		}
	}
	n := len(c.atom)
	c.hyd, c.off, c.near = resize(c.hyd, n), resize(c.off, n+1), c.near[:0]
	for k, i := range c.atom {
		c.hyd[k], c.off[k] = 0, int32(len(c.near))
		for _, h := range s.around(i) {
			if c.of[h.to] < 0 {
				c.hyd[k]++
			} else {
				c.near = append(c.near, neighbour{c.of[h.to], uint32(s.Bonds[h.bond].Order)})
			}
		}
	}
	c.off[n] = int32(len(c.near))
}

// partOfNeighbour says whether i is a plain hydrogen on a heavier atom.
func partOfNeighbour(s *Structure, i int32) bool {
	a := &s.Atoms[i]
	if a.Element != H || s.degree(i) != 1 || a.Charge != 0 || a.Isotope != 0 || a.AllHydrogens() != 0 {
		return false
	}
	h := s.around(i)[0]
	return s.Bonds[h.bond].Order == Single && s.Atoms[h.to].Element != H
}

func (c *canoniser) around(k int32) []neighbour { return c.near[c.off[k]:c.off[k+1]] }

// startColours tells atoms apart by what they are on their own.
func (c *canoniser) startColours(colour []int32) {
	c.key = resize(c.key, len(c.atom))
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

// walk goes through the tree below the colours of depth and returns the depth to
// go on from: depth itself, or less when a symmetry showed the branch to be
// another's image.
func (c *canoniser) walk(depth int) (back int) {
	colour := c.at(depth)
	if c.refine(colour) == len(colour) {
		return c.leaf(colour, depth)
	}
	cell := c.firstCell(colour, depth)
	for tried, k := range cell {
		if tried > 0 && c.imageOf(k, cell[:tried]) {
			continue
		}
		below := c.at(depth + 1)
		copy(below, colour)
		for _, other := range cell {
			if other != k {
				below[other]++
			}
		}
		c.path = append(c.path[:depth], k)
		back := c.walk(depth + 1)
		c.path = c.path[:depth]
		if back < depth {
			return back
		}
	}
	return depth
}

// firstCell lists the atoms of the least colour that several have.
func (c *canoniser) firstCell(colour []int32, depth int) []int32 {
	cell := c.cell[depth][:0]
	for place, k := range c.order {
		if len(cell) > 0 && colour[k] != colour[cell[0]] {
			break
		}
		if len(cell) > 0 || place+1 < len(c.order) && colour[c.order[place+1]] == colour[k] {
			cell = append(cell, k)
		}
	}
	c.cell[depth] = cell
	return cell
}

// imageOf says whether a known symmetry that leaves the path alone takes k to
// one of the atoms tried.
func (c *canoniser) imageOf(k int32, tried []int32) bool {
	c.inOrbit = resize(c.inOrbit, len(c.atom))
	clear(c.inOrbit)
	c.orbit = append(c.orbit[:0], k)
	c.inOrbit[k] = true
	for head := 0; head < len(c.orbit); head++ {
		for _, symmetry := range c.symmetry {
			to := symmetry[c.orbit[head]]
			if c.inOrbit[to] || !c.fixesPath(symmetry) {
				continue
			}
			if slices.Contains(tried, to) {
				return true
			}
			c.inOrbit[to] = true
			c.orbit = append(c.orbit, to)
		}
	}
	return false
}

func (c *canoniser) fixesPath(symmetry []int32) bool {
	for _, k := range c.path {
		if symmetry[k] != k {
			return false
		}
	}
	return true
}

// leaf compares a numbering with the best so far.
func (c *canoniser) leaf(label []int32, depth int) (back int) {
	c.atLabel = invert(c.atLabel, label)
	c.code = c.code[:0]
	for l, k := range c.atLabel {
		start := len(c.code)
		for _, n := range c.around(k) {
			if label[n.to] < int32(l) {
				c.code = append(c.code, uint32(label[n.to])<<3|n.order)
			}
		}
		slices.Sort(c.code[start:])
		c.code = append(c.code, uint32(l)<<3)
	}
	order := -1
	if len(c.best) > 0 {
		order = slices.Compare(c.code, c.best)
	}
	if order > 0 {
		return depth
	}
	if order < 0 {
		c.best, c.code = c.code, c.best
		copy(c.label, label)
		c.bestPath = append(c.bestPath[:0], c.path...)
		return depth
	}
	c.addSymmetry()
	common := 0
	for common < len(c.path) && common < len(c.bestPath) && c.path[common] == c.bestPath[common] {
		common++
	}
	return common
}

// addSymmetry records that the best numbering and the one at hand are each
// other's image.
func (c *canoniser) addSymmetry() {
	var symmetry []int32
	if last := len(c.spare) - 1; last >= 0 {
		symmetry, c.spare = c.spare[last], c.spare[:last]
	}
	symmetry = resize(symmetry, len(c.atom))
	c.bestAt = invert(c.bestAt, c.label)
	for l, k := range c.bestAt {
		symmetry[k] = c.atLabel[l]
	}
	c.symmetry = append(c.symmetry, symmetry)
}

// invert returns, in dst's memory, the atom at each label.
func invert(dst, label []int32) []int32 {
	dst = resize(dst, len(label))
	for k, l := range label {
		dst[l] = int32(k)
	}
	return dst
}
