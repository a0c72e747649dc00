package molecule

import "slices"

// BondOrder is the order of a bond: 1 single, 2 double, 3 triple, and 4 for an
// aromatic bond as MDL files number it. Distances never give Aromatic.
type BondOrder uint8

// The bond orders, numbered as in an MDL bond block.
const (
	Single   BondOrder = 1
	Double   BondOrder = 2
	Triple   BondOrder = 3
	Aromatic BondOrder = 4
)

// Bond joins atoms I < J of one molecule, counted from 0.
type Bond struct {
	I, J  int32
	Order BondOrder
}

// Graph is a molecule without its positions: atoms and the bonds between them.
type Graph struct {
	Elements []Element // (N)
	Bonds    []Bond    // ordered by (I, J), each pair once
}

// SortBonds puts the bonds in their order.
func (g *Graph) SortBonds() {
	slices.SortFunc(g.Bonds, func(a, b Bond) int {
		if a.I != b.I {
			return int(a.I - b.I)
		}
		return int(a.J - b.J)
	})
}
