package bonds

import (
	"math"
	"slices"

	"equifm/molecule"
)

// cellsFrom is the number of atoms from which Perceive sorts them into cells;
// below it looking at all pairs is faster.
const cellsFrom = 64

// Perceive returns the graph of m's bonds as the distances give them. Only
// pairs within reach of each other are looked at: 500 atoms cost no 500²
// look-ups. An atom without a finite position has no bonds.
func (t *Table) Perceive(m *molecule.Molecule) *molecule.Graph {
	g := &molecule.Graph{Elements: slices.Clone(m.Elements)}
	g.Bonds = make([]molecule.Bond, 0, m.Len()+m.Len()/4) // a molecule has about as many bonds as atoms
	if m.Len() >= cellsFrom {
		t.perceiveByCell(m, g)
		return g
	}
	for i := range m.Pos {
		for j := i + 1; j < len(m.Pos); j++ {
			t.bondPair(m, g, int32(i), int32(j))
		}
	}
	return g
}

// bondPair adds the bond between atoms i < j, if they have one.
func (t *Table) bondPair(m *molecule.Molecule, g *molecule.Graph, i, j int32) {
	d2 := m.SquaredDistance(i, j)
	if !(d2 < t.reach*t.reach*1.001) {
		return
	}
	if a, b := t.index[m.Elements[i]], t.index[m.Elements[j]]; a < 0 || b < 0 || !(d2 < t.far[int(a)*t.rows+int(b)]) {
		return
	}
	if order := t.Order(m.Elements[i], m.Elements[j], 100*math.Sqrt(d2)); order > 0 {
		g.Bonds = append(g.Bonds, molecule.Bond{I: i, J: j, Order: order})
	}
}

// perceiveByCell finds the pairs through a grid of cells no smaller than reach,
// each atom meeting those of its own and the 26 cells around.
func (t *Table) perceiveByCell(m *molecule.Molecule, g *molecule.Graph) {
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
	g.SortBonds()
}
