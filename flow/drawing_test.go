package flow

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Centred noise of N atoms has 3(N-1) dimensions, each of variance 1.
func TestCentredNormal(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for _, n := range []int{0, 1, 2, 18} {
		const draws = 4000
		var sum float64
		x := make([]float64, 3*n)
		for range draws {
			CentredNormal(rng, x)
			var mean [3]float64
			for i, v := range x {
				sum += v * v
				mean[i%3] += v
			}
			if m := max(math.Abs(mean[0]), math.Abs(mean[1]), math.Abs(mean[2])); m > 1e-13 {
				t.Fatalf("%d atoms: centre %g", n, m)
			}
		}
		dims := float64(max(0, 3*(n-1)))
		// Σx² has mean dims and variance 2·dims; five standard errors.
		if off := math.Abs(sum/draws - dims); off > 5*math.Sqrt(2*dims/draws) {
			t.Errorf("%d atoms: mean square %g, want %g", n, sum/draws, dims)
		}
	}
}

func TestNoiseRepeats(t *testing.T) {
	a, b := make([]float32, 30), make([]float32, 30)
	CentredNormal(rand.New(rand.NewPCG(7, 1)), a)
	CentredNormal(rand.New(rand.NewPCG(7, 1)), b)
	if !slices.Equal(a, b) {
		t.Error("one seed, two noises")
	}
}
