package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"equifm/molecule"
)

// Histogram counts molecules by their number of atoms.
type Histogram struct {
	Counts []int // Counts[n] molecules have n atoms
	Total  int
}

// SizeHistogram counts the sizes of molecules.
func SizeHistogram(mols []molecule.Molecule) Histogram {
	var h Histogram
	for i := range mols {
		h.Add(mols[i].Len())
	}
	return h
}

// Add counts a molecule of n atoms.
func (h *Histogram) Add(n int) {
	for len(h.Counts) <= n {
		h.Counts = append(h.Counts, 0)
	}
	h.Counts[n]++
	h.Total++
}

// Mean is the mean number of atoms, 0 of no molecules.
func (h Histogram) Mean() float64 {
	sum := 0
	for n, c := range h.Counts {
		sum += n * c
	}
	return float64(sum) / float64(max(h.Total, 1))
}

// Prob is the share of molecules with n atoms.
func (h Histogram) Prob(n int) float64 {
	if n < 0 || n >= len(h.Counts) {
		return 0
	}
	return float64(h.Counts[n]) / float64(h.Total)
}

// Within returns the histogram of those molecules that have from least to most atoms.
func (h Histogram) Within(least, most int) (in Histogram) {
	for n, c := range h.Counts {
		if n < least || n > most {
			c = 0
		}
		in.Counts = append(in.Counts, c)
		in.Total += c
	}
	return in
}

// Range returns the least and the largest number of atoms, -1 and -1 of no
// molecules.
func (h Histogram) Range() (least, most int) {
	least, most = -1, -1
	for n, c := range h.Counts {
		if c == 0 {
			continue
		}
		if most = n; least < 0 {
			least = n
		}
	}
	return least, most
}

// Sample draws a number of atoms as often as the molecules have it.
func (h Histogram) Sample(rng *rand.Rand) int {
	if h.Total == 0 {
		panic("datasets: Sample: empty histogram")
	}
	k := rng.IntN(h.Total)
	for n, c := range h.Counts {
		if k -= c; k < 0 {
			return n
		}
	}
	panic("datasets: Sample: Counts add up to less than Total")
}

// Stats are the mean of a property and its mean absolute deviation from that
// mean, by which EDM scales a condition: (value - Mean) / MAD.
type Stats struct {
	Mean, MAD float64 // in the property's unit
	Count     int     // molecules that have the property
}

// PropertyStats takes the statistics of a property over the molecules that have it.
func PropertyStats(mols []molecule.Molecule, key string) (Stats, error) {
	var values []float64
	var sum float64
	for i := range mols {
		v, ok, err := Value(&mols[i], key)
		if err != nil {
			return Stats{}, err
		}
		if ok {
			values = append(values, v)
			sum += v
		}
	}
	if len(values) == 0 {
		return Stats{}, fmt.Errorf("no molecule has the property %q", key)
	}
	s := Stats{Mean: sum / float64(len(values)), Count: len(values)}
	for _, v := range values {
		s.MAD += math.Abs(v-s.Mean) / float64(len(values))
	}
	return s, nil
}

// Value is a molecule's property as a number; ok is false where it has none.
func Value(m *molecule.Molecule, key string) (v float64, ok bool, err error) {
	text, ok := m.Property(key)
	if !ok {
		return 0, false, nil
	}
	v, err = strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false, fmt.Errorf("molecule %q: expected a finite number as property %s, found %q", m.Name, key, text)
	}
	return v, true, nil
}
