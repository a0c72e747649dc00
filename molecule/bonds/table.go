package bonds

import (
	"slices"
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
	radii []bool       // (rows·rows) of a pair that has no published length; nil where all have
	far   []float64    // (rows·rows), Å², beyond which the pair is not bonded
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

// Of returns a table of any elements: EDM's lengths, and for each pair that these have
// none of, the sums of Pyykkö's covalent radii (radii.go), under the same margins.
func Of(elements []molecule.Element) *Table {
	known := slices.Clone(elements)
	slices.Sort(known)
	known = slices.Compact(known)
	published := map[[2]molecule.Element]bool{}
	var lengths []bondLength
	for _, l := range geomLengths {
		published[[2]molecule.Element{min(l.a, l.b), max(l.a, l.b)}] = true
		if slices.Contains(known, l.a) && slices.Contains(known, l.b) {
			lengths = append(lengths, l)
		}
	}
	first := len(lengths)
	for i, a := range known {
		for _, b := range known[i:] {
			if a.Known() && !published[[2]molecule.Element{a, b}] {
				lengths = append(lengths, bondLength{a, b, byRadii(a, b)})
			}
		}
	}
	t := newTable(known, lengths)
	t.radii = make([]bool, t.rows*t.rows)
	for _, l := range lengths[first:] {
		a, b := int(t.index[l.a]), int(t.index[l.b])
		t.radii[a*t.rows+b], t.radii[b*t.rows+a] = true, true
	}
	return t
}

// All returns the table of all elements, as Of does. It is shared and never changes.
func All() *Table { return all() }

// ByRadii says whether bonds between a and b go by covalent radii, since no length is
// published.
func (t *Table) ByRadii(a, b molecule.Element) bool {
	i, j := t.index[a], t.index[b]
	return i >= 0 && j >= 0 && t.radii != nil && t.radii[int(i)*t.rows+int(j)]
}

var (
	all = sync.OnceValue(func() *Table {
		var every []molecule.Element
		for e := molecule.H; e.Known(); e++ {
			every = append(every, e)
		}
		return Of(every)
	})
	qm9  = sync.OnceValue(func() *Table { return newTable(molecule.QM9Elements(), qm9Lengths) })
	geom = sync.OnceValue(func() *Table { return newTable(molecule.GEOMElements(), geomLengths) })
)

func newTable(elements []molecule.Element, lengths []bondLength) *Table {
	t := &Table{rows: len(elements)}
	t.cut = make([][3]float64, t.rows*t.rows)
	t.far = make([]float64, t.rows*t.rows)
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
		far := cut[0] * cut[0] / 1e4 * 1.001
		t.far[a*t.rows+b], t.far[b*t.rows+a] = far, far
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
