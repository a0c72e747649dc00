package bonds

import (
	"sync"

	"equifm/molecule"
)

// Table turns distances into bond orders. A pair is bonded when it is closer
// than the length of its single bond plus a margin; doubly bonded when it is
// also closer than the double bond plus a smaller margin, and so for triple.
type Table struct {
	index [256]int8    // element → row of cut, or -1
	cut   [][3]float64 // (rows·rows), pm; 0 where the pair has no such bond
	rows  int          // elements in the table
	reach float64      // Å, no pair farther apart than this is bonded
}

// bondMargin is added to the tabulated lengths of single, double and triple
// bonds (pm): EDM's protocol, arXiv 2203.17003.
var bondMargin = [3]float64{10, 5, 3}

// QM9 returns EDM's table for H, C, N, O and F. Every other element is
// bonded to nothing. The table is shared and never changes.
func QM9() *Table { return qm9() }

// GEOM returns EDM's table for the 16 elements of GEOM-Drugs. The table is
// shared and never changes.
func GEOM() *Table { return geom() }

var (
	qm9  = sync.OnceValue(func() *Table { return newTable(molecule.QM9Elements(), qm9Lengths) })
	geom = sync.OnceValue(func() *Table { return newTable(molecule.GEOMElements(), geomLengths) })
)

func newTable(elements []molecule.Element, lengths []bondLength) *Table {
	t := &Table{rows: len(elements)}
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
func (t *Table) Order(a, b molecule.Element, pm float64) molecule.BondOrder {
	i, j := t.index[a], t.index[b]
	if i < 0 || j < 0 {
		return 0
	}
	cut := &t.cut[int(i)*t.rows+int(j)]
	order := molecule.BondOrder(0)
	for _, c := range cut {
		if !(pm < c) {
			break
		}
		order++
	}
	return order
}

// Length returns the tabulated length (Å) of a bond between elements a and b, 0
// for one that is not tabulated.
func (t *Table) Length(a, b molecule.Element, order molecule.BondOrder) float64 {
	i, j := t.index[a], t.index[b]
	if i < 0 || j < 0 || order < molecule.Single || order > molecule.Triple {
		return 0
	}
	if cut := t.cut[int(i)*t.rows+int(j)][order-1]; cut > 0 {
		return (cut - bondMargin[order-1]) / 100
	}
	return 0
}
