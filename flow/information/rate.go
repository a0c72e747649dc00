package information

import (
	"fmt"
	"math"
	"slices"
)

// Curve is information by log(α/σ), at rising places.
type Curve struct {
	LogRatio []float64
	I        []float64 // nat
}

// NewCurve returns the curve of a function.
func NewCurve(logRatio []float64, i func(ratio float64) float64) Curve {
	c := Curve{LogRatio: logRatio}
	for _, l := range logRatio {
		c.I = append(c.I, i(math.Exp(l)))
	}
	return c
}

// rising is the curve with what an estimate has fall made level: information only rises.
func (c Curve) rising() Curve {
	i, most := slices.Clone(c.I), math.Inf(-1)
	for k := range i {
		most = max(most, i[k])
		i[k] = most
	}
	return Curve{c.LogRatio, i}
}

// At returns I at a place, by straight lines between those known.
func (c Curve) At(logRatio float64) float64 { return between(c.LogRatio, c.I, logRatio) }

// ForRate returns log(α/σ) at each of some times, rising from 0 to 1, of the schedule by
// which the information of a curve goes at an even rate, from all at t = 0 to the least
// at t = 1. What the curve has fall is made level.
func (c Curve) ForRate(times []float64) []float64 {
	if len(c.I) < 2 || len(c.I) != len(c.LogRatio) {
		panic(fmt.Sprintf("information: a curve of %d places and %d values", len(c.LogRatio), len(c.I)))
	}
	r := c.rising()
	least, most := r.I[0], r.I[len(r.I)-1]
	out := make([]float64, len(times))
	for k, t := range times {
		out[k] = between(r.I, r.LogRatio, most+(least-most)*t)
	}
	return out
}

// Unevenness is how far, at most, the information of a curve is from going at an even
// rate, as a share of all, where a schedule has log(α/σ) at times: 0 for ForRate of
// the curve itself.
func (c Curve) Unevenness(times, logRatio []float64) (worst float64) {
	least, most := c.I[0], c.I[len(c.I)-1]
	for k, t := range times {
		worst = max(worst, math.Abs((c.At(logRatio[k])-least)/(most-least)-(1-t)))
	}
	return worst
}

// between reads y at x from a table whose xs do not fall.
func between(xs, ys []float64, x float64) float64 {
	i, _ := slices.BinarySearch(xs, x)
	switch {
	case i == 0:
		return ys[0]
	case i == len(xs):
		return ys[len(ys)-1]
	case xs[i] == xs[i-1]:
		return ys[i]
	}
	return ys[i-1] + (ys[i]-ys[i-1])*(x-xs[i-1])/(xs[i]-xs[i-1])
}
