package information

import (
	"fmt"
	"math"
)

// Estimate is a number and its standard error.
type Estimate struct{ Value, Error float64 }

func (e Estimate) String() string { return fmt.Sprintf("%.4f ± %.4f", e.Value, e.Error) }

// Gaussian returns I(xt; x₀) of one dimension of Gaussian data of a variance, nat:
// ½·log(1 + variance/(resolution² + σ²/α²)). Of data that are not Gaussian it is an upper
// bound, for none of the same variance tells more. Data and resolution have one unit.
func Gaussian(alpha, sigma, variance, resolution float64) float64 {
	if alpha == 0 {
		return 0
	}
	r := sigma / alpha
	return math.Log1p(variance/(resolution*resolution+r*r)) / 2
}

// meanOf returns the mean of values and its standard error.
func meanOf(values []float64) (e Estimate) {
	n := float64(len(values))
	for _, v := range values {
		e.Value += v / n
	}
	var squares float64
	for _, v := range values {
		squares += (v - e.Value) * (v - e.Value)
	}
	e.Error = math.Sqrt(squares / (n * (n - 1)))
	return e
}
