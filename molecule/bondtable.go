package molecule

import "sync"

// BondTable turns distances into bond orders. A pair is bonded when it is closer
// than the length of its single bond plus a margin; doubly bonded when it is
// also closer than the double bond plus a smaller margin, and so for triple.
type BondTable struct {
	index [256]int8    // element → row of cut, or -1
	cut   [][3]float64 // (rows·rows), pm; 0 where the pair has no such bond
	rows  int          // elements in the table
	reach float64      // Å, no pair farther apart than this is bonded
}

// bondMargin is added to the tabulated lengths of single, double and triple
// bonds (pm): EDM's protocol, arXiv 2203.17003.
var bondMargin = [3]float64{10, 5, 3}

// QM9Bonds returns EDM's table for H, C, N, O and F. Every other element is
// bonded to nothing. The table is shared and never changes.
func QM9Bonds() *BondTable { return qm9Bonds() }

// GEOMBonds returns EDM's table for the 16 elements of GEOM-Drugs. The table is
// shared and never changes.
func GEOMBonds() *BondTable { return geomBonds() }

var (
	qm9Bonds  = sync.OnceValue(func() *BondTable { return newBondTable(qm9Elements, qm9Lengths) })
	geomBonds = sync.OnceValue(func() *BondTable { return newBondTable(geomElements, geomLengths) })
)

func newBondTable(elements []Element, lengths []bondLength) *BondTable {
	t := &BondTable{rows: len(elements)}
	t.cut = make([][3]float64, t.rows*t.rows)
	for i := range t.index {
		t.index[i] = -1
	}
	for i, e := range elements {
		t.index[e] = int8(i)
	}
	for _, l := range lengths {
		a, b := int(t.index[l.a]), int(t.index[l.b])
		var cut [3]float64
		for k, pm := range l.pm {
			if pm != 0 {
				cut[k] = pm + bondMargin[k]
			}
		}
		t.cut[a*t.rows+b], t.cut[b*t.rows+a] = cut, cut
		t.reach = max(t.reach, cut[0]/100)
	}
	return t
}

// Order returns the order of the bond between elements a and b at a distance of
// pm picometres, 0 for none. NaN is no bond.
func (t *BondTable) Order(a, b Element, pm float64) BondOrder {
	i, j := t.index[a], t.index[b]
	if i < 0 || j < 0 {
		return 0
	}
	cut := &t.cut[int(i)*t.rows+int(j)]
	order := BondOrder(0)
	for _, c := range cut {
		if !(pm < c) {
			break
		}
		order++
	}
	return order
}
