package metrics

import (
	"encoding/binary"
	"math"
	"slices"

	"equifm/molecule"
)

// Neighbours are molecules among which the one nearest to another is looked for:
// of a training set, to tell what was learned from what was remembered.
//
// Two molecules of one formula are as far apart as their distances are: pairs of
// atoms are sorted by their elements and then by length, and the mean difference
// is taken, Å. It is 0 for a molecule turned, mirrored or with its atoms in
// another order; it is a lower bound of what moving the atoms would take.
type Neighbours struct {
	byFormula map[string][][]float32 // by atoms' elements, sorted; (pairs) of each molecule, Å
}

// NewNeighbours returns an empty set.
func NewNeighbours() *Neighbours { return &Neighbours{map[string][][]float32{}} }

// Add puts a molecule into the set.
func (n *Neighbours) Add(m *molecule.Molecule) {
	formula, d := profile(m)
	n.byFormula[formula] = append(n.byFormula[formula], d)
}

// Merge puts all molecules of other into the set.
func (n *Neighbours) Merge(other *Neighbours) {
	for formula, all := range other.byFormula {
		n.byFormula[formula] = append(n.byFormula[formula], all...)
	}
}

// Nearest returns the distance of the nearest molecule, Å, and +Inf where none has
// the formula.
func (n *Neighbours) Nearest(m *molecule.Molecule) float64 {
	formula, d := profile(m)
	nearest := math.Inf(1)
	for _, other := range n.byFormula[formula] {
		nearest = math.Min(nearest, apart(d, other, nearest))
	}
	return nearest
}

// apart returns the mean difference of two profiles, or some number above limit.
func apart(a, b []float32, limit float64) float64 {
	if len(a) == 0 {
		return 0
	}
	sum, stop := 0.0, limit*float64(len(a))
	for i, v := range a {
		sum += math.Abs(float64(v - b[i]))
		if sum > stop {
			break
		}
	}
	return sum / float64(len(a))
}

// profile returns the elements of a molecule, sorted, and the distances of all its
// pairs, Å, sorted by the pair's elements and then by length.
func profile(m *molecule.Molecule) (formula string, distances []float32) {
	type pair struct {
		kind uint32
		d    float32
	}
	elements := slices.Clone(m.Elements)
	slices.Sort(elements)
	var name []byte
	for _, e := range elements {
		name = binary.LittleEndian.AppendUint16(name, uint16(e))
	}
	var pairs []pair
	for i, a := range m.Elements {
		for j, b := range m.Elements[:i] {
			low, high := min(a, b), max(a, b)
			d := distance(m, int32(i), int32(j))
			pairs = append(pairs, pair{uint32(low)<<16 | uint32(high), float32(d)})
		}
	}
	slices.SortFunc(pairs, func(p, q pair) int {
		if p.kind != q.kind {
			return int(p.kind) - int(q.kind)
		}
		switch {
		case p.d < q.d:
			return -1
		case p.d > q.d:
			return 1
		}
		return 0
	})
	for _, p := range pairs {
		distances = append(distances, p.d)
	}
	return string(name), distances
}
