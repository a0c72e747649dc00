package metrics

import (
	"cmp"
	"maps"
	"slices"

	"equifm/molecule"
)

// Kind is a kind of bond or, with B and Order zero, an element.
type Kind struct {
	A, B  molecule.Element
	Order molecule.BondOrder
}

// String returns such as C-H, C=O or N.
func (k Kind) String() string {
	if k.B == 0 {
		return k.A.String()
	}
	return k.A.String() + string("?-=#:"[k.Order]) + k.B.String()
}

// bondKind orders the two elements by number, hydrogen last.
func bondKind(a, b molecule.Element, order molecule.BondOrder) Kind {
	if a == molecule.H || b < a && b != molecule.H {
		a, b = b, a
	}
	return Kind{a, b, order}
}

func sortedKinds(m map[Kind]*Bins) []Kind {
	return slices.SortedFunc(maps.Keys(m), func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.Order, b.Order))
	})
}
