package bonds

import "math"

// cellGrid sorts atoms into a box of cells. It has at most a few cells an atom,
// however far apart the atoms are.
type cellGrid struct {
	low   [3]float64 // Å, corner of the box
	width [3]float64 // Å, of one cell
	n     [3]int     // cells along each axis
	first []int32    // (cells) one atom of the cell, or -1
	next  []int32    // (N) another atom of the same cell, or -1
}

func newCellGrid(pos [][3]float64, reach float64) *cellGrid {
	g := &cellGrid{next: make([]int32, len(pos))}
	most := int(math.Cbrt(float64(len(pos)))) + 1
	cells := 1
	for k := range 3 {
		low, high := math.Inf(1), math.Inf(-1)
		for i := range pos {
			if x := pos[i][k]; !math.IsNaN(x) && !math.IsInf(x, 0) {
				low, high = min(low, x), max(high, x)
			}
		}
		extent := max(high-low, 0)
		g.low[k], g.n[k] = low, 1
		if f := extent / reach; f > 1 {
			g.n[k] = int(min(f, float64(most)))
		}
		g.width[k] = extent / float64(g.n[k])
		cells *= g.n[k]
	}
	g.first = make([]int32, cells)
	for c := range g.first {
		g.first[c] = -1
	}
	for i := range pos {
		at := g.cellOf(&pos[i])
		c := (at[0]*g.n[1]+at[1])*g.n[2] + at[2]
		g.next[i], g.first[c] = g.first[c], int32(i)
	}
	return g
}

// cellOf returns the cell of a position; a position that is not finite lands in
// some cell, and bonds to nothing there.
func (g *cellGrid) cellOf(p *[3]float64) (at [3]int) {
	for k := range 3 {
		if f := (p[k] - g.low[k]) / g.width[k]; f > 0 {
			at[k] = int(min(f, float64(g.n[k]-1)))
		}
	}
	return at
}

// neighbour returns the c-th of the 27 cells around at, if it is in the box.
func (g *cellGrid) neighbour(at [3]int, c int) (cell int, ok bool) {
	for k, d := range [3]int{c / 9, c / 3 % 3, c % 3} {
		x := at[k] + d - 1
		if x < 0 || x >= g.n[k] {
			return 0, false
		}
		cell = cell*g.n[k] + x
	}
	return cell, true
}
