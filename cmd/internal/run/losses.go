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
// several saves if they are closer, and no step counts for more than 100 times the
// usual loss: one batch that goes far out, as one of 4,000 may after days, and leaves
// weights and average as good as they were, stops nothing. A loss that falls, as from 100
// to 1 early on, only leaves a higher median behind; and nothing is judged by fewer than
// three means. A training that has come apart has a loss of thousands of times the
// usual, step after step, or soon will.
type losses []float64

const (
	meanOf    = 100 // steps at least
	pastMeans = 9   // kept
	fewMeans  = 3   // too few are no measure
	farOut    = 10  // times the median of the past means
	mostOfOne = 100 // the same, of a single step
)

func (l *losses) add(loss float64) { *l = append(*l, loss) }

// judge returns an error if the steps since the last save should not be saved,
// and otherwise the past means with theirs, once they are enough for one.
func (l *losses) judge(past []float64) ([]float64, error) {
	most, judged := math.Inf(1), len(past) >= fewMeans
	if judged {
		most = mostOfOne * median(past)
	}
	sum := 0.0
	for _, loss := range *l {
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return past, fmt.Errorf("a loss of the last %d steps is %v", len(*l), loss)
		}
		sum += min(loss, most)
	}
	if len(*l) < meanOf {
		return past, nil
	}
	mean := sum / float64(len(*l))
	if usual := most / mostOfOne; judged && mean > farOut*usual {
		return past, fmt.Errorf("the mean loss of the last %d steps is %.4g, above %d times the %.4g of the saves before: "+
			"training has come apart, and a smaller train.lr may help", len(*l), mean, farOut, usual)
	}
	*l = (*l)[:0]
	past = append(slices.Clone(past), mean)
	return past[max(0, len(past)-pastMeans):], nil
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
