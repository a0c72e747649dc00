package likelihood

import (
	"fmt"
	"math"

	"equifm/flow/schedule"
)

// Cells says what the features of an atom stand for. Channels that are neither types
// nor whole numbers are continuous, as positions are.
type Cells struct {
	Types  int     // how many of the first channels are a one-hot,
	Height float64 // and how high it is
	Whole  float64 // the rest are whole numbers times this; 0: they are continuous
}

func (c Cells) check(features int) error {
	if c.Types < 0 || c.Types > features || c.Types > 0 && !(c.Height > 0) || !(c.Whole >= 0) {
		return fmt.Errorf("likelihood: %d types of height %v among %d features, the rest whole numbers times %v: expected numbers above 0", c.Types, c.Height, features, c.Whole)
	}
	return nil
}

// discrete says whether a channel has cells.
func (c Cells) discrete(channel int) bool { return channel < c.Types || c.Whole > 0 }

// logP returns log p(h₀ | h_e) of the discrete channels of one atom: the mass that the
// Gaussian about h_e/α, σ/α wide, has in the cells of h₀. at has the coefficients by channel.
func (c Cells) logP(h0, he []float64, at func(channel int) schedule.Coefficients) (sum float64) {
	if c.Types > 0 {
		all, own := math.Inf(-1), 0.0
		for k := range c.Types {
			s := at(k)
			mass := logCell(he[k]/s.Alpha/c.Height-1, s.Sigma/s.Alpha/c.Height)
			all = logAdd(all, mass)
			if h0[k] > c.Height/2 {
				own = mass
			}
		}
		sum += own - all
	}
	for k := c.Types; k < len(h0) && c.Whole > 0; k++ {
		s := at(k)
		sum += logCell((he[k]/s.Alpha-h0[k])/c.Whole, s.Sigma/s.Alpha/c.Whole)
	}
	return sum
}

// logCell is the logarithm of the mass from -½ to ½ of a Gaussian about mean, sd wide.
func logCell(mean, sd float64) float64 {
	a, b := (math.Abs(mean)-0.5)/sd, (math.Abs(mean)+0.5)/sd // P(a < n < b), n standard normal
	if a <= 0 {
		return math.Log1p(-math.Erfc(-a/math.Sqrt2)/2 - math.Erfc(b/math.Sqrt2)/2)
	}
	above, beyond := logTail(a), logTail(b)
	return above + math.Log(-math.Expm1(beyond-above))
}

// logTail is log P(n > a), n standard normal, for a ≥ 0. Where Erfc would leave the
// numbers it has the asymptotic series, whose terms fall as 1/a².
func logTail(a float64) float64 {
	if a < 30 {
		return math.Log(math.Erfc(a/math.Sqrt2) / 2)
	}
	r := 1 / (a * a)
	return -a*a/2 - log2Pi/2 - math.Log(a) + math.Log1p(-r*(1-3*r*(1-5*r)))
}

// logAdd is log(eᵃ + eᵇ).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(a, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
