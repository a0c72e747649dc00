package run

import (
	"fmt"
	"math"
	"slices"
)

// losses is what a save is judged by: the mean loss of the steps since the last
// one, against the means before the saves before.
//
// Training that goes well never trips it. A mean is of 100 steps or more, over
// several saves if they are closer, so that one step alone would have to have
// some 900 times the usual loss; a loss that falls, as from 100 to 1 early on,
// only leaves a higher median behind; and nothing is judged by fewer than three
// means. A training that has come apart has a loss of thousands of times the
// usual, or soon will.
type losses struct {
	sum   float64
	steps int
}

const (
	meanOf    = 100 // steps at least
	pastMeans = 9   // kept
	fewMeans  = 3   // too few are no measure
	farOut    = 10  // times the median of the past means
)

func (l *losses) add(loss float64) {
	l.sum += loss
	l.steps++
}

// judge returns an error if the steps since the last save should not be saved,
// and otherwise the past means with theirs, once they are enough for one.
func (l *losses) judge(past []float64) ([]float64, error) {
	if l.steps == 0 {
		return past, nil
	}
	mean := l.sum / float64(l.steps)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return past, fmt.Errorf("the mean loss of the last %d steps is %v", l.steps, mean)
	}
	if l.steps < meanOf {
		return past, nil
	}
	if len(past) >= fewMeans {
		if m := median(past); mean > farOut*m {
			return past, fmt.Errorf("the mean loss of the last %d steps is %.4g, above %d times the %.4g of the saves before: "+
				"training has come apart, and a smaller train.lr may help", l.steps, mean, farOut, m)
		}
	}
	*l = losses{}
	past = append(slices.Clone(past), mean)
	return past[max(0, len(past)-pastMeans):], nil
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
