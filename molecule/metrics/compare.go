package metrics

import (
	"math"
)

// Distances compare two sets kind by kind.
type Distances struct {
	Mean    *float64           `json:"mean"`    // over the kinds in both, weighted by how often the reference has them; null without any
	Covered float64            `json:"covered"` // the part of the reference in kinds that both have
	ByKind  map[string]float64 `json:"by_kind"`
}

// Comparison says how far the shapes of a set are from a reference's.
type Comparison struct {
	ElementTV float64   `json:"element_tv"`     // total variation of the element frequencies, 0 … 1
	Lengths   Distances `json:"bond_length_w1"` // Å
	Angles    Distances `json:"bond_angle_w1"`  // degrees
	Dihedrals Distances `json:"dihedral_w1"`    // degrees
}

// Compare compares s with a reference.
func (s *Shapes) Compare(reference *Shapes) Comparison {
	return Comparison{
		ElementTV: totalVariation(s.Elements[:], reference.Elements[:]),
		Lengths:   distances(s.Lengths, reference.Lengths),
		Angles:    distances(s.Angles, reference.Angles),
		Dihedrals: distances(s.Dihedrals, reference.Dihedrals),
	}
}

func distances(of, reference map[Kind]*Bins) Distances {
	d := Distances{ByKind: map[string]float64{}}
	var sum float64
	total, both := 0, 0
	for _, k := range sortedKinds(reference) { // in a fixed order, as the sum's last bits depend on it
		r := reference[k]
		total += r.N
		if b := of[k]; b != nil {
			both += r.N
			w := Wasserstein(b, r)
			d.ByKind[k.String()] = w
			sum += w * float64(r.N)
		}
	}
	if both > 0 {
		mean := sum / float64(both)
		d.Mean, d.Covered = &mean, float64(both)/float64(total)
	}
	return d
}

// totalVariation is half the sum of the differences of two sets of shares; 1
// where one counts nothing.
func totalVariation(a, b []int) float64 {
	var na, nb int
	for i := range a {
		na += a[i]
		nb += b[i]
	}
	if na == 0 || nb == 0 {
		return 1
	}
	tv := 0.0
	for i := range a {
		tv += math.Abs(float64(a[i])/float64(na)-float64(b[i])/float64(nb)) / 2
	}
	return tv
}
