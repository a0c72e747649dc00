package experiment

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// correlated writes whether the first figure to correlate goes with the others, over arms.
func (o *Outcome) correlated(w io.Writer) {
	keys := o.File.Measure.Correlate
	if len(keys) == 0 {
		return
	}
	var arms []*Arm
	for i := range o.Arms {
		if failed, _ := o.Arms[i].Failures(); len(failed) == 0 {
			arms = append(arms, &o.Arms[i])
		}
	}
	fmt.Fprintf(w, "## What goes with %s\n\nSpearman's rank correlation over %d arms of their means over seeds, with a 95%% interval: arms drawn with replacement, then seeds of each. It says what goes together, not what is because of what.\n\n",
		figures[keys[0]].Title, len(arms))
	row(w, "with", "rank correlation")
	row(w, rule(2)...)
	first := perSeed(arms, keys[0])
	for _, key := range keys[1:] {
		r, low, high := rankCorrelation(first, perSeed(arms, key))
		text := "–"
		if !math.IsNaN(r + low + high) {
			text = fmt.Sprintf("%+.2f [%+.2f, %+.2f]", r, low, high)
		}
		row(w, head(figures[key]), text)
	}
	fmt.Fprintln(w)
}

// perSeed returns a figure by arm and seed.
func perSeed(arms []*Arm, key string) (values [][]float64) {
	for _, a := range arms {
		values = append(values, figures[key].values(a).Runs)
	}
	return values
}

// rankCorrelation returns that of the arms' means, and its 95% interval by the bootstrap;
// NaN where there are too few arms or all are alike.
func rankCorrelation(x, y [][]float64) (r, low, high float64) {
	const draws = 2000
	rng := rand.New(rand.NewPCG(1, uint64(len(x))))
	var all []float64
	for range draws {
		var a, b []float64
		for range x {
			arm := rng.IntN(len(x))
			var ma, mb float64
			for range x[arm] {
				s := rng.IntN(len(x[arm]))
				ma, mb = ma+x[arm][s], mb+y[arm][s]
			}
			a, b = append(a, ma), append(b, mb)
		}
		if v := spearman(a, b); !math.IsNaN(v) { // a draw of one arm only has none
			all = append(all, v)
		}
	}
	if len(x) < 3 || len(all) < draws/2 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	slices.Sort(all)
	var a, b []float64
	for i := range x {
		a, b = append(a, stat.Mean(x[i], nil)), append(b, stat.Mean(y[i], nil))
	}
	return spearman(a, b), stat.Quantile(0.025, stat.Empirical, all, nil), stat.Quantile(0.975, stat.Empirical, all, nil)
}

// spearman is the correlation of ranks, equal values sharing theirs.
func spearman(x, y []float64) float64 { return stat.Correlation(ranks(x), ranks(y), nil) }

func ranks(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		for _, u := range values {
			switch {
			case u < v:
				out[i]++
			case u == v:
				out[i] += 0.5
			}
		}
	}
	return out
}
