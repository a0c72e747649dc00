package molecule

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Shapes are the distributions of a set of molecules: elements, bond lengths by
// kind of bond, bond angles by the element in the middle, dihedrals by the kind
// of bond in the middle. Values are counted in narrow bins, so a set of any size
// takes little memory and sets counted apart can be merged.
type Shapes struct {
	Elements  [256]int
	Lengths   map[Kind]*Bins // bins of 0.001 Å
	Angles    map[Kind]*Bins // bins of 0.05°
	Dihedrals map[Kind]*Bins // bins of 0.05°, from cis 0° to trans 180°, mirror images alike
}

// Kind is a kind of bond or, with B and Order zero, an element.
type Kind struct {
	A, B  Element
	Order BondOrder
}

// String returns such as C-H, C=O or N.
func (k Kind) String() string {
	if k.B == 0 {
		return k.A.String()
	}
	return k.A.String() + string("?-=#:"[k.Order]) + k.B.String()
}

// bondKind orders the two elements by number, hydrogen last.
func bondKind(a, b Element, order BondOrder) Kind {
	if a == H || b < a && b != H {
		a, b = b, a
	}
	return Kind{a, b, order}
}

// Bins count values in steps of Width from 0 on.
type Bins struct {
	Width  float64
	Counts []int
	N      int
}

const (
	lengthWidth = 0.001  // Å
	angleWidth  = 0.05   // degrees
	lastBin     = 10_000 // holds all beyond: 10 Å
)

// NewShapes returns the distributions of no molecules.
func NewShapes() *Shapes {
	return &Shapes{Lengths: map[Kind]*Bins{}, Angles: map[Kind]*Bins{}, Dihedrals: map[Kind]*Bins{}}
}

// Add counts the molecule m with the bonds of g.
func (s *Shapes) Add(m *Molecule, g *Graph) {
	for _, e := range m.Elements {
		s.Elements[e]++
	}
	around := NewStructure(g)
	for _, b := range around.Bonds {
		kind := bondKind(g.Elements[b.I], g.Elements[b.J], b.Order)
		add(s.Lengths, kind, lengthWidth, distance(m, b.I, b.J))
		for _, i := range around.around(b.I) {
			for _, j := range around.around(b.J) {
				if i.to == b.J || j.to == b.I || i.to == j.to {
					continue
				}
				if deg, ok := dihedral(m.Pos[i.to], m.Pos[b.I], m.Pos[b.J], m.Pos[j.to]); ok {
					add(s.Dihedrals, kind, angleWidth, deg)
				}
			}
		}
	}
	for i := range int32(m.Len()) {
		near := around.around(i)
		for k, a := range near {
			for _, b := range near[:k] {
				add(s.Angles, Kind{A: m.Elements[i]}, angleWidth, angle(m.Pos[a.to], m.Pos[i], m.Pos[b.to]))
			}
		}
	}
}

func add(to map[Kind]*Bins, k Kind, width, v float64) {
	b := to[k]
	if b == nil {
		b = &Bins{Width: width}
		to[k] = b
	}
	i := lastBin
	if v < lastBin*width {
		i = int(v / width)
	}
	for len(b.Counts) <= i {
		b.Counts = append(b.Counts, 0)
	}
	b.Counts[i]++
	b.N++
}

// Merge adds what o has counted.
func (s *Shapes) Merge(o *Shapes) {
	for e, n := range o.Elements {
		s.Elements[e] += n
	}
	merge(s.Lengths, o.Lengths)
	merge(s.Angles, o.Angles)
	merge(s.Dihedrals, o.Dihedrals)
}

func merge(to, from map[Kind]*Bins) {
	for k, f := range from {
		b := to[k]
		if b == nil {
			b = &Bins{Width: f.Width}
			to[k] = b
		}
		if short := len(f.Counts) - len(b.Counts); short > 0 {
			b.Counts = append(b.Counts, make([]int, short)...)
		}
		for i, n := range f.Counts {
			b.Counts[i] += n
		}
		b.N += f.N
	}
}

// Wasserstein is the 1-Wasserstein distance between two distributions, the area
// between their cumulated shares, in the unit of the values; binning moves it by
// one Width at most. It is NaN where one is empty.
func Wasserstein(a, b *Bins) float64 {
	if a.N == 0 || b.N == 0 {
		return math.NaN()
	}
	var area, diff float64
	for i := range max(len(a.Counts), len(b.Counts)) {
		if i < len(a.Counts) {
			diff += float64(a.Counts[i]) / float64(a.N)
		}
		if i < len(b.Counts) {
			diff -= float64(b.Counts[i]) / float64(b.N)
		}
		area += math.Abs(diff) * a.Width
	}
	return area
}

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

func sortedKinds(m map[Kind]*Bins) []Kind {
	return slices.SortedFunc(maps.Keys(m), func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.Order, b.Order))
	})
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
