package measure

import (
	"maps"
	"math"
	"slices"

	"equifm/egnn/trained/config"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// Reference is the data's bond lengths and angles, by kind, and what information is of.
type Reference struct {
	Lengths, Angles map[string]*metrics.Bins
	Source          *Source
}

// NewReference takes the shapes of the molecules that a configuration trains on.
func NewReference(molecules []molecule.Molecule, c config.Config) Reference {
	shapes, table := metrics.NewShapes(), c.Bonds()
	for i := range molecules {
		shapes.Add(&molecules[i], table.Perceive(&molecules[i]))
	}
	return Reference{named(shapes.Lengths), named(shapes.Angles), NewSource(molecules, c)}
}

func named(bins map[metrics.Kind]*metrics.Bins) map[string]*metrics.Bins {
	out := map[string]*metrics.Bins{}
	for k, b := range bins {
		out[k.String()] = b
	}
	return out
}

// BondW1 is the 1-Wasserstein distance of bond lengths from the data's, Å: the mean
// over the kinds of bond that both have, weighted by how often the data have them,
// as metrics.Compare has it.
func (q *Quality) BondW1(r Reference, index []int) float64 {
	return q.distance(r.Lengths, index, func(s *Seen) map[string][]int { return s.Lengths })
}

// AngleW1 is that of bond angles, in degrees, by the element in the middle.
func (q *Quality) AngleW1(r Reference, index []int) float64 {
	return q.distance(r.Angles, index, func(s *Seen) map[string][]int { return s.Angles })
}

// distance is NaN for molecules that share no kind with the reference.
func (q *Quality) distance(reference map[string]*metrics.Bins, index []int, values func(*Seen) map[string][]int) float64 {
	of := map[string]*metrics.Bins{}
	each(len(q.Molecules), index, func(i int) {
		for kind, places := range values(&q.Molecules[i]) {
			if r := reference[kind]; r != nil {
				fill(of, kind, r, places)
			}
		}
	})
	var sum float64
	both := 0
	for _, kind := range slices.Sorted(maps.Keys(of)) { // in order, for the sum's last bits
		n := reference[kind].N
		sum += float64(n) * metrics.Wasserstein(of[kind], reference[kind])
		both += n
	}
	if both == 0 {
		return math.NaN()
	}
	return sum / float64(both)
}

// fill counts places in the bins of a kind.
func fill(to map[string]*metrics.Bins, kind string, like *metrics.Bins, places []int) {
	b := to[kind]
	if b == nil {
		b = &metrics.Bins{Width: like.Width, Counts: make([]int, len(like.Counts))}
		to[kind] = b
	}
	for _, i := range places {
		if short := i + 1 - len(b.Counts); short > 0 {
			b.Counts = append(b.Counts, make([]int, short)...)
		}
		b.Counts[i]++
		b.N++
	}
}
