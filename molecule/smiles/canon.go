package smiles

import (
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
)

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
	s    *chem.Structure
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

// number fills label for s, all of whose atoms must be connected.
func (c *canoniser) number(s *chem.Structure) {
	c.contract(s)
	n := len(c.atom)
	c.spare = append(c.spare, c.symmetry...)
	c.symmetry = c.symmetry[:0]
	c.best, c.path, c.bestPath = c.best[:0], c.path[:0], c.bestPath[:0]
	c.label, c.order = scratch.Resize(c.label, n), scratch.Resize(c.order, n)
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
	c.colour[depth] = scratch.Resize(c.colour[depth], len(c.atom))
	return c.colour[depth]
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
