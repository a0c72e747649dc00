package eot

import (
	"math"
	"math/rand/v2"
	"testing"
)

// least tries every assignment of the rows from i on to columns not in used.
func least(cost []float64, n, i int, used uint) float64 {
	if i == n {
		return 0
	}
	best := math.Inf(1)
	for j := range n {
		if used&(1<<j) == 0 {
			best = min(best, cost[i*n+j]+least(cost, n, i+1, used|1<<j))
		}
	}
	return best
}

func TestAssignAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	kinds := map[string]func() float64{
		"uniform":  rng.Float64,
		"ties":     func() float64 { return float64(rng.IntN(3)) },
		"equal":    func() float64 { return 2 },
		"negative": func() float64 { return rng.Float64() - 0.5 },
		"wide":     func() float64 { return math.Pow(10, 12*rng.Float64()-6) },
	}
	var a Assigner
	for kind, draw := range kinds {
		for n := 0; n <= 7; n++ {
			for range 30 {
				cost := make([]float64, n*n)
				for i := range cost {
					cost[i] = draw()
				}
				cols, total, err := a.Assign(cost, n)
				if want := least(cost, n, 0, 0); err != nil || math.Abs(total-want) > 1e-12*(1e-3+math.Abs(want)) {
					t.Fatalf("%s, n = %d: total %v, want %v (%v)", kind, n, total, want, err)
				}
				checkPermutation(t, cols)
			}
		}
	}
}

func checkPermutation(t *testing.T, pi []int) {
	t.Helper()
	seen := make([]bool, len(pi))
	for _, j := range pi {
		if j < 0 || j >= len(pi) || seen[j] {
			t.Fatalf("%v is no permutation", pi)
		}
		seen[j] = true
	}
}

// Prices prove the total least: no column is cheaper for a row than its own.
// And they prove it from whatever prices the search began.
func TestPricesProveTheAssignment(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	var a Assigner
	for _, n := range []int{2, 10, 60, 150} {
		for _, warm := range []bool{false, true, true} {
			cost := make([]float64, n*n)
			for i := range cost {
				cost[i] = rng.NormFloat64()
			}
			a.solve(cost, n, warm)
			checkPermutation(t, a.colOf)
			for i, own := range a.colOf {
				for j := range n {
					if gain := cost[i*n+own] - a.v[own] - (cost[i*n+j] - a.v[j]); gain > 1e-12 {
						t.Fatalf("n = %d: row %d would gain %g from column %d", n, i, gain, j)
					}
				}
			}
		}
	}
}

func TestAssignRefusesNonFinite(t *testing.T) {
	var a Assigner
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, _, err := a.Assign([]float64{1, 2, bad, 4}, 2); err == nil {
			t.Errorf("%v accepted", bad)
		}
	}
}
