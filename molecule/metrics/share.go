package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Share is K of molecule.N: a proportion that keeps its denominator.
type Share struct {
	K int `json:"k"`
	N int `json:"n"`
}

// Value returns K/N, and 0 of nothing.
func (s Share) Value() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.K) / float64(s.N)
}

// z95 is the normal distribution's 97.5% point.
const z95 = 1.959963984540054

// Wilson returns the 95% score interval of a proportion (E. B. Wilson, J. Am.
// Stat. Assoc. 22, 209, 1927), which stays inside [0, 1] and is not of length
// zero at K = 0 or K = N. Of nothing it is [0, 1].
func (s Share) Wilson() (low, high float64) {
	if s.N == 0 {
		return 0, 1
	}
	n, p := float64(s.N), s.Value()
	centre := p + z95*z95/(2*n)
	half := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 1 + z95*z95/n
	return max(0, (centre-half)/scale), min(1, (centre+half)/scale)
}

// resamples is the number of bootstrap samples behind an interval.
const resamples = 400

// bootstrapRatio returns the 95% percentile interval of ΣK/ΣN over molecules
// drawn with replacement. Atoms of one molecule stand or fall together, so that
// a binomial interval over atoms would be too short. The seed is fixed: the
// same molecules have the same interval.
func bootstrapRatio(parts []Share) (low, high float64) {
	if len(parts) == 0 {
		return 0, 1
	}
	rng := rand.New(rand.NewPCG(1, 1))
	ratios := make([]float64, resamples)
	for r := range ratios {
		var sum Share
		for range parts {
			p := parts[rng.IntN(len(parts))]
			sum.K += p.K
			sum.N += p.N
		}
		ratios[r] = sum.Value()
	}
	slices.Sort(ratios)
	return ratios[resamples/40], ratios[resamples-1-resamples/40]
}
