package metrics

import (
	"math"
)

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
