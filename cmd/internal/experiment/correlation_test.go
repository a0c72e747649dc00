package experiment

import (
	"math"
	"testing"
)

// Ranks alone count, ties share theirs, and the interval is around what it is of.
func TestRankCorrelation(t *testing.T) {
	of := func(values ...float64) (arms [][]float64) {
		for _, v := range values {
			arms = append(arms, []float64{v, v + 1e-3})
		}
		return arms
	}
	x := of(1, 2, 3, 4, 5, 6, 7, 8)
	if r, low, high := rankCorrelation(x, of(1, 8, 27, 64, 125, 216, 343, 512)); r != 1 || low < 0.999 || high > 1.001 {
		t.Errorf("rising: %v [%v, %v]", r, low, high)
	}
	r, low, high := rankCorrelation(x, of(3, 1, 4, 1, 5, 9, 2, 6))
	if want := 0.503; math.Abs(r-want) > 0.001 || low > 0 || high < r { // ranks 4 1.5 5 1.5 6 8 3 7
		t.Errorf("%v [%v, %v], want %v", r, low, high, want)
	}
	if r, _, _ := rankCorrelation(x[:2], x[:2]); !math.IsNaN(r) {
		t.Errorf("two arms have %v", r)
	}
}
