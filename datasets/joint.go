package datasets

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"equifm/molecule"
)

// Joint is how often molecules have a size and a value of a property together: for
// every size a histogram of 1,000 equal bins between its least value and its largest,
// as EDM's code has it (DistributionProperty in its qm9/models.py). Many properties
// grow with the molecule, so that a value is not asked of any size.
type Joint struct {
	BySize []Bins `json:"by_size"` // BySize[n] of the molecules of n atoms
}

// Bins counts values between Least and Most, both of which some molecule has. Without
// molecules it has no counts.
type Bins struct {
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
	Counts []int   `json:"counts,omitempty"`
}

// jointBins is how many bins a size has.
const jointBins = 1000

// NewJoint counts molecules, each with its value.
func NewJoint(mols []molecule.Molecule, values []float64) (j Joint) {
	for i, v := range values {
		n := mols[i].Len()
		for len(j.BySize) <= n {
			j.BySize = append(j.BySize, Bins{Least: math.Inf(1), Most: math.Inf(-1)})
		}
		b := &j.BySize[n]
		b.Least, b.Most = min(b.Least, v), max(b.Most, v)
	}
	for i, v := range values {
		b := &j.BySize[mols[i].Len()]
		if b.Counts == nil {
			b.Counts = make([]int, jointBins)
		}
		b.Counts[b.bin(v)]++
	}
	for n := range j.BySize {
		if j.BySize[n].Counts == nil {
			j.BySize[n] = Bins{} // JSON has no infinities
		}
	}
	return j
}

// bin returns the bin of a value between Least and Most.
func (b *Bins) bin(v float64) int {
	return min(int((v-b.Least)/(b.Most-b.Least+1e-12)*jointBins), jointBins-1)
}

// at returns the value at a place of the bins, counted in bins from the first one's start.
func (b *Bins) at(place float64) float64 { return b.Least + place/jointBins*(b.Most-b.Least) }

// Check returns an error for counts that nothing can be drawn from.
func (j Joint) Check() error {
	any := false
	for n, b := range j.BySize {
		if b.Counts == nil {
			continue
		}
		sum := 0
		for _, c := range b.Counts {
			if c < 0 || c > math.MaxInt-sum {
				return fmt.Errorf("a count of %d molecules of %d atoms", c, n)
			}
			sum += c
		}
		if n == 0 || len(b.Counts) != jointBins || sum == 0 || !(b.Least <= b.Most) || math.IsInf(b.Most-b.Least, 0) {
			return fmt.Errorf("of %d atoms %d molecules in %d bins from %v to %v, expected some in %d", n, sum, len(b.Counts), b.Least, b.Most, jointBins)
		}
		any = true
	}
	if !any {
		return errors.New("no molecules, expected at least one")
	}
	return nil
}

// Range returns the least and the largest value of all sizes.
func (j Joint) Range() (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, b := range j.BySize {
		if b.Counts != nil {
			least, most = min(least, b.Least), max(most, b.Most)
		}
	}
	return least, most
}

// Value draws a value as often as the molecules of n atoms have it, anywhere in its
// bin. Of a size that none has, the nearest one's is drawn, the smaller of two.
func (j Joint) Value(n int, rng *rand.Rand) float64 {
	b := j.nearest(n)
	k := rng.IntN(sum(b.Counts))
	for i, c := range b.Counts {
		if k -= c; k < 0 {
			return b.at(float64(i) + rng.Float64())
		}
	}
	panic("datasets: Value: counts add up to less than their sum")
}

// nearest returns the bins of the size nearest to n that some molecule has.
func (j Joint) nearest(n int) *Bins {
	for d := 0; d <= max(n, len(j.BySize)); d++ {
		for _, k := range []int{n - d, n + d} {
			if k >= 0 && k < len(j.BySize) && j.BySize[k].Counts != nil {
				return &j.BySize[k]
			}
		}
	}
	panic("datasets: Joint: no molecules")
}

// Size draws a number of atoms as often as the molecules with values within a distance
// of one have it, which is p(N|c). A value that none comes so near is asked of the sizes
// of those that come nearest.
func (j Joint) Size(value, within float64, rng *rand.Rand) int {
	counts := make([]int, len(j.BySize))
	for _, more := range []float64{0, j.distance(value)} {
		for n := range j.BySize {
			counts[n] = j.BySize[n].between(value-within-more, value+within+more)
		}
		if sum(counts) > 0 {
			break
		}
	}
	return Histogram{counts, sum(counts)}.Sample(rng)
}

// distance returns how far a value is from the nearest bin that has molecules.
func (j Joint) distance(value float64) float64 {
	least := math.Inf(1)
	for n := range j.BySize {
		b := &j.BySize[n]
		for i, c := range b.Counts {
			if c > 0 {
				least = min(least, max(b.at(float64(i))-value, value-b.at(float64(i+1)), 0))
			}
		}
	}
	return least
}

// between counts the molecules in bins that reach into an interval.
func (b *Bins) between(low, high float64) (count int) {
	if b.Counts == nil || high < b.Least || low > b.Most {
		return 0
	}
	for i := b.bin(max(low, b.Least)); i <= b.bin(min(high, b.Most)); i++ {
		count += b.Counts[i]
	}
	return count
}

func sum(counts []int) (s int) {
	for _, c := range counts {
		s += c
	}
	return s
}

// MedianBySize returns a prediction of the value from the number of atoms alone, of
// least absolute error on the molecules it is made from: the median of their size, or
// of the nearest one. What it errs by is EDM's bound of "# atoms".
func MedianBySize(mols []molecule.Molecule, values []float64) func(n int) float64 {
	bySize := map[int][]float64{}
	for i, v := range values {
		bySize[mols[i].Len()] = append(bySize[mols[i].Len()], v)
	}
	sizes := []int{}
	for n, v := range bySize {
		slices.Sort(v)
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	return func(n int) float64 {
		best := sizes[0]
		for _, k := range sizes {
			if max(k-n, n-k) < max(best-n, n-best) {
				best = k
			}
		}
		v := bySize[best]
		return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	}
}
