// Package bootstrap gives figures of trained networks their intervals, by drawing
// seeds with replacement, then molecules.
//
// # Legend
//
//	S   seeds: runs that differ in nothing but it
//	R   draws of a run's molecules with replacement
//
// A figure of one arm is its mean over seeds. What another training with other
// random numbers, and another sample from it, would have given is seen by drawing S
// of the seeds with replacement, and for each the figure of its molecules drawn with
// replacement. The standard deviation of that mean, σ̂, makes the interval
//
//	mean ± t·sqrt(S/(S-1))·σ̂,   t Student's 97.5% point of S-1 degrees of freedom
//
// The two factors are for few seeds: a bootstrap of 5 draws from 5 is too narrow by
// sqrt(4/5), and does not know that σ̂ is uncertain itself (Hesterberg 2015, Am.
// Stat. 69, 371). Without molecules it is Student's interval of the mean.
//
// The interval of a difference of two arms is that of their runs' differences, seed
// by seed and molecule by molecule: where both were trained on the same data in the
// same order, and sampled from the same noise, what they share falls out.
package bootstrap

import (
	"math"
	"math/rand/v2"
	"runtime"

	"equifm/nn/parallel"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Draws is R, how often molecules are drawn again, and outer how often seeds are.
const (
	Draws = 200
	outer = 2000
)

// Values are one figure of the runs of an arm.
type Values struct {
	Runs  []float64   // (S)
	Again [][]float64 // (S, R) with the run's molecules drawn again; nil where a figure is not of molecules
}

// Indices returns the molecules, of so many, that a draw consists of. It is the same
// for every arm and seed, so that draws can be compared in pairs.
func Indices(molecules, draw int) []int {
	rng := rand.New(rand.NewPCG(uint64(molecules), uint64(draw)))
	index := make([]int, molecules)
	for i := range index {
		index[i] = rng.IntN(molecules)
	}
	return index
}

// Of returns the values of runs that have so many molecules each: figure is asked for
// the figure of a run over those of some indices, with nil for all of them, of several
// runs at a time.
func Of(runs, molecules int, figure func(run int, molecules []int) float64) Values {
	v := Values{make([]float64, runs), make([][]float64, runs)}
	draws := make([][]int, Draws)
	for r := range draws {
		draws[r] = Indices(molecules, r)
	}
	parallel.Each(runs, runtime.GOMAXPROCS(0), func(_, s int) error {
		v.Runs[s], v.Again[s] = figure(s, nil), make([]float64, Draws)
		for r, index := range draws {
			v.Again[s][r] = figure(s, index)
		}
		return nil
	}) // no error can come
	return v
}

// Minus returns the differences of two arms that share their seeds, in order.
func (v Values) Minus(w Values) (d Values) {
	for s := range v.Runs {
		d.Runs = append(d.Runs, v.Runs[s]-w.Runs[s])
		if v.Again == nil || w.Again == nil {
			continue
		}
		again := make([]float64, Draws)
		for r := range again {
			again[r] = v.Again[s][r] - w.Again[s][r]
		}
		d.Again = append(d.Again, again)
	}
	return d
}

// Interval is a mean with its 95% interval.
type Interval struct{ Mean, Low, High float64 }

// Excludes says whether a value is outside.
func (i Interval) Excludes(x float64) bool { return i.Low > x || i.High < x }

// Interval returns the mean over seeds and its interval. Of one run without
// molecules it is endless; of one with molecules it is of the sample alone, and says
// nothing of what another training would give.
func (v Values) Interval() Interval {
	n := len(v.Runs)
	mean := stat.Mean(v.Runs, nil)
	if n == 0 || n == 1 && v.Again == nil {
		return Interval{mean, math.Inf(-1), math.Inf(1)}
	}
	half := v.deviation()
	if n == 1 {
		half *= distuv.UnitNormal.Quantile(0.975)
	} else {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
		half *= t * math.Sqrt(float64(n)/float64(n-1))
	}
	return Interval{mean, mean - half, mean + half}
}

// deviation is σ̂. The random numbers are the same each time: the same values have
// the same interval.
func (v Values) deviation() float64 {
	rng := rand.New(rand.NewPCG(1, uint64(len(v.Runs))))
	means := make([]float64, outer)
	for k := range means {
		for range v.Runs {
			s, r := rng.IntN(len(v.Runs)), rng.IntN(Draws)
			value := v.Runs[s]
			if v.Again != nil {
				value = v.Again[s][r]
			}
			means[k] += value / float64(len(v.Runs))
		}
	}
	return stat.PopStdDev(means, nil)
}
