package smiles

import (
	"slices"

	"equifm/molecule/internal/scratch"
)

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
	symmetry = scratch.Resize(symmetry, len(c.atom))
	c.bestAt = invert(c.bestAt, c.label)
	for l, k := range c.bestAt {
		symmetry[k] = c.atLabel[l]
	}
	c.symmetry = append(c.symmetry, symmetry)
}

// invert returns, in dst's memory, the atom at each label.
func invert(dst, label []int32) []int32 {
	dst = scratch.Resize(dst, len(label))
	for k, l := range label {
		dst[l] = int32(k)
	}
	return dst
}

// imageOf says whether a known symmetry that leaves the path alone takes k to
// one of the atoms tried.
func (c *canoniser) imageOf(k int32, tried []int32) bool {
	c.inOrbit = scratch.Resize(c.inOrbit, len(c.atom))
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
