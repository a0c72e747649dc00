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

// Graph is a molecule without its positions: atoms, the bonds between them, and
// formal charges. Distances give no charge; a file may.
type Graph struct {
	Elements []Element // (N)
	Bonds    []Bond    // ordered by (I, J), each pair once
	Charges  []int8    // (N), formal, in e; nil where all are 0
}

// Charge returns the sum of the formal charges, e.
func (g *Graph) Charge() (sum int) {
	for _, c := range g.Charges {
		sum += int(c)
	}
	return sum
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
