package bootstrap

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// Without molecules the interval is Student's, whose factor for 5 seeds is 2.776.
func TestSeedsAloneGiveStudentsInterval(t *testing.T) {
	v := Values{Runs: []float64{1, 2, 4, 4, 9}}
	half := 2.7764 * stat.StdDev(v.Runs, nil) / math.Sqrt(5)
	got := v.Interval()
	if got.Mean != 4 || math.Abs(got.High-4-half) > 0.04*half || math.Abs(got.Low-4+half) > 0.04*half {
		t.Errorf("%+v, want 4 ± %.3f", got, half)
	}
}

// Of one run it is that of a share: p ± 1.96·sqrt(p(1-p)/n).
func TestOneRunGivesTheSamplesInterval(t *testing.T) {
	const n = 400
	v := Of(1, n, func(_ int, index []int) float64 {
		if index == nil {
			return 0.25
		}
		k := 0
		for _, i := range index {
			if i < n/4 {
				k++
			}
		}
		return float64(k) / n
	})
	half := 1.96 * math.Sqrt(0.25*0.75/n)
	if got := v.Interval(); got.Mean != 0.25 || math.Abs(got.High-0.25-half) > 0.15*half {
		t.Errorf("%+v, want 0.25 ± %.4f", got, half)
	}
}

// Of 400 experiments with 5 seeds and 40 molecules each, whose truth is 0, the interval
// has it in 95% or, since the molecules' scatter is in the seeds' too, some more.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	covered := 0
	const experiments, seeds, molecules = 400, 5, 40
	for range experiments {
		var x [seeds][molecules]float64
		for s := range x {
			mean := 0.3 * rng.NormFloat64()
			for m := range x[s] {
				x[s][m] = mean + rng.NormFloat64()
			}
		}
		v := Of(seeds, molecules, func(s int, index []int) (sum float64) {
			for m, value := range x[s] {
				if index != nil {
					value = x[s][index[m]]
				}
				sum += value / molecules
			}
			return sum
		})
		if !v.Interval().Excludes(0) {
			covered++
		}
	}
	if covered < 372 || covered == experiments { // 93%
		t.Errorf("%d of %d intervals have the truth", covered, experiments)
	}
}

// What two arms share, be it of a seed or of a molecule, is not in their difference.
func TestPairsCancelWhatIsShared(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	shared := make([][]float64, 5)
	for s := range shared {
		for range 30 {
			shared[s] = append(shared[s], float64(s)+rng.NormFloat64())
		}
	}
	arm := func(gain float64) Values {
		return Of(5, 30, func(s int, index []int) (sum float64) {
			for m := range shared[s] {
				k := m
				if index != nil {
					k = index[m]
				}
				sum += (shared[s][k] + gain) / 30
			}
			return sum
		})
	}
	a, b := arm(0.1), arm(0)
	if a.Interval().Excludes(b.Interval().Mean) {
		t.Error("each arm's own interval tells them apart")
	}
	if d := a.Minus(b).Interval(); !d.Excludes(0) || math.Abs(d.High-d.Low) > 1e-9 || math.Abs(d.Mean-0.1) > 1e-9 {
		t.Errorf("the difference is %+v, want 0.1", d)
	}
}

func TestOneRunWithoutMoleculesSaysNothing(t *testing.T) {
	if i := (Values{Runs: []float64{3}}).Interval(); i.Excludes(1e9) || i.Excludes(-1e9) || i.Mean != 3 {
		t.Errorf("%+v", i)
	}
}
