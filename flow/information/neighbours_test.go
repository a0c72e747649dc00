package information

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// pairsOf returns n pairs of Gaussian points of so many dimensions, xt = α·x₀ + σ·z, both
// scaled to variance 1.
func pairsOf(rng *rand.Rand, n, dimensions int, alpha, sigma float64) (x, y [][]float64) {
	for range n {
		a, b := make([]float64, dimensions), make([]float64, dimensions)
		for d := range a {
			a[d] = rng.NormFloat64()
			b[d] = (alpha*a[d] + sigma*rng.NormFloat64()) / math.Hypot(alpha, sigma)
		}
		x, y = append(x, a), append(y, b)
	}
	return x, y
}

// Nearest neighbours find what Gaussians tell of each other: within 2% and their error.
func TestContinuous(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for dimensions := 1; dimensions <= 2; dimensions++ {
		for _, alpha := range []float64{0.5, 0.9} {
			sigma := math.Sqrt(1 - alpha*alpha)
			want := float64(dimensions) * Gaussian(alpha, sigma, 1, 0)
			x, y := pairsOf(rng, 1500, dimensions, alpha, sigma)
			got, err := Continuous(x, y, 4)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d dimensions, α = %v: %v, of %.4f", dimensions, alpha, got, want)
			if math.Abs(got.Value-want) > 0.02*want+3*got.Error || got.Error > 0.06 {
				t.Errorf("%d dimensions, α = %v: %v, of %.4f", dimensions, alpha, got, want)
			}
		}
	}
}

// And of one-hots through noise, in up to five dimensions, what quadrature has.
func TestDiscrete(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, k := range []Kinds{{Shares: []float64{0.5, 0.3, 0.2}, Height: 1}, {Shares: []float64{0.5, 0.3, 0.15, 0.05}, Height: 1, Numbers: []float64{0.4, 2.4, 2.8, 3.2}}} {
		for _, r := range []float64{1, 3} {
			labels, y := k.Sample(1500, r, r, rng)
			got, err := Discrete(labels, y, 4)
			if err != nil {
				t.Fatal(err)
			}
			want := k.Information(r, r)
			t.Logf("%v, α/σ = %v: %v, of %.4f", k.Shares, r, got, want)
			if math.Abs(got.Value-want) > 0.02+3*got.Error || got.Error > 0.04 {
				t.Errorf("%v, α/σ = %v: %v, of %.4f", k.Shares, r, got, want)
			}
		}
	}
}

// Labels and points that have nothing to do with each other tell nothing.
func TestNothingToTell(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	x, _ := pairsOf(rng, 1000, 1, 1, 0.1)
	y, _ := pairsOf(rng, 1000, 2, 1, 0.1)
	if got, err := Continuous(x, y, 4); err != nil || math.Abs(got.Value) > 3*got.Error+0.01 {
		t.Errorf("%v, error %v", got, err)
	}
	labels := make([]int, len(y))
	for i := range labels {
		labels[i] = rng.IntN(3)
	}
	if got, err := Discrete(labels, y, 4); err != nil || math.Abs(got.Value) > 3*got.Error+0.01 {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestPairsThatAreNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	x, y := pairsOf(rng, 100, 3, 1, 1)
	for want, try := range map[string]func() error{
		"6 dimensions, expected 1 to 5": func() error { _, err := Continuous(x, y, 4); return err },
		"100 and 99 points":             func() error { _, err := Discrete(make([]int, 100), y[:99], 4); return err },
		"0 nearest neighbours":          func() error { _, err := Discrete(make([]int, 100), y, 0); return err },
		"60 pairs or more":              func() error { _, err := Discrete(make([]int, 20), y[:20], 4); return err },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
