package molecule

import (
	"math"
	"slices"
)

// cellsFrom is the number of atoms from which Perceive sorts them into cells;
// below it looking at all pairs is faster.
const cellsFrom = 64

// Perceive returns the graph of m's bonds as the distances give them. Only
// pairs within reach of each other are looked at: 500 atoms cost no 500²
// look-ups. An atom without a finite position has no bonds.
func (t *BondTable) Perceive(m *Molecule) *Graph {
	g := &Graph{}
	t.perceive(m, g)
	return g
}

// perceive is Perceive into a graph whose memory it reuses.
func (t *BondTable) perceive(m *Molecule, g *Graph) {
	g.Elements = append(g.Elements[:0], m.Elements...)
	g.Bonds = g.Bonds[:0]
	if m.Len() >= cellsFrom {
		t.perceiveByCell(m, g)
		return
	}
	for i := range m.Pos {
		for j := i + 1; j < len(m.Pos); j++ {
			t.bondPair(m, g, int32(i), int32(j))
		}
	}
}

// bondPair adds the bond between atoms i < j, if they have one.
func (t *BondTable) bondPair(m *Molecule, g *Graph, i, j int32) {
	d2 := squaredDistance(&m.Pos[i], &m.Pos[j])
	if !(d2 < t.reach*t.reach*1.001) {
		return
	}
	if order := t.Order(m.Elements[i], m.Elements[j], 100*math.Sqrt(d2)); order > 0 {
		g.Bonds = append(g.Bonds, Bond{i, j, order})
	}
}

// squaredDistance adds up the squares in the order x, y, z. The conversions
// forbid fused multiply-adds, so that a distance at the very edge of a bond is
// judged alike on every machine.
func squaredDistance(a, b *[3]float64) float64 {
	dx, dy, dz := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float64(float64(dx*dx)+float64(dy*dy)) + float64(dz*dz)
}

// perceiveByCell finds the pairs through a grid of cells no smaller than reach,
// each atom meeting those of its own and the 26 cells around.
func (t *BondTable) perceiveByCell(m *Molecule, g *Graph) {
	grid := newCellGrid(m.Pos, t.reach)
	for i := range m.Pos {
		at := grid.cellOf(&m.Pos[i])
		for c := range 27 {
			cell, ok := grid.neighbour(at, c)
			if !ok {
				continue
			}
			for j := grid.first[cell]; j >= 0; j = grid.next[j] {
				if j > int32(i) {
					t.bondPair(m, g, int32(i), j)
				}
			}
		}
	}
	slices.SortFunc(g.Bonds, func(a, b Bond) int {
		if a.I != b.I {
			return int(a.I - b.I)
		}
		return int(a.J - b.J)
	})
}

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
