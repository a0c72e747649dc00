package information

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// mostDimensions is how many dimensions nearest neighbours are asked in: the bias falls
// so slowly with more that no number of pairs at hand helps.
const mostDimensions = 5

// parts is into how many parts pairs are divided for the standard error: the scatter of
// their estimates, which falls as 1/n (Holmes and Nemenman 2019, Phys. Rev. E 100, 022404).
const parts = 10

// Continuous estimates I(x; y), nat, from n pairs of points by k nearest neighbours:
// Kraskov, Stögbauer and Grassberger 2004, eq. 8. x and y have 5 dimensions at most
// together, and should be scaled alike.
func Continuous(x, y [][]float64, k int) (Estimate, error) {
	if err := checkPairs(len(x), len(y), k, width(x)+width(y)); err != nil {
		return Estimate{}, err
	}
	return divided(len(x), func(index []int) float64 { return kraskov(x, y, index, k) }), nil
}

// Discrete estimates I(label; y), nat, from n pairs: Ross 2014, eq. 6. y has 5 dimensions
// at most. A label that fewer than k+1 points have is taken with as many as there are.
func Discrete(labels []int, y [][]float64, k int) (Estimate, error) {
	if err := checkPairs(len(labels), len(y), k, width(y)); err != nil {
		return Estimate{}, err
	}
	return divided(len(y), func(index []int) float64 { return ross(labels, y, index, k) }), nil
}

func width(points [][]float64) int {
	if len(points) == 0 {
		return 0
	}
	return len(points[0])
}

func checkPairs(n, m, k, dimensions int) error {
	switch {
	case n != m || k < 1 || n < parts*(k+2):
		return fmt.Errorf("information: %d and %d points, %d nearest neighbours: expected pairs, 1 neighbour or more, and %d pairs or more", n, m, k, parts*(k+2))
	case dimensions < 1 || dimensions > mostDimensions:
		return fmt.Errorf("information: %d dimensions, expected 1 to %d: nearest neighbours say nothing in more", dimensions, mostDimensions)
	}
	return nil
}

// divided estimates from all n, and the error from parts.
func divided(n int, estimate func(index []int) float64) Estimate {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	var few []float64
	for p := range parts {
		few = append(few, estimate(all[p*n/parts:(p+1)*n/parts]))
	}
	return Estimate{estimate(all), meanOf(few).Error} // of the mean of the parts: that of the whole
}

// kraskov is ψ(k) + ψ(n) - mean[ψ(n_x + 1) + ψ(n_y + 1)], n_x and n_y being how many
// points are nearer in x, and in y, than the k-th neighbour in both is.
func kraskov(x, y [][]float64, index []int, k int) float64 {
	n, sum := len(index), 0.0
	near := make([]float64, 0, n)
	for _, i := range index {
		near = near[:0]
		for _, j := range index {
			if j != i {
				near = append(near, max(apart(x[i], x[j]), apart(y[i], y[j])))
			}
		}
		radius := smallest(near, k)
		nx, ny := 0, 0
		for _, j := range index {
			if j == i {
				continue
			}
			if apart(x[i], x[j]) < radius {
				nx++
			}
			if apart(y[i], y[j]) < radius {
				ny++
			}
		}
		sum += mathext.Digamma(float64(nx+1)) + mathext.Digamma(float64(ny+1))
	}
	return mathext.Digamma(float64(k)) + mathext.Digamma(float64(n)) - sum/float64(n)
}

// ross is ψ(n) - mean ψ(n_label) + mean ψ(k) - mean ψ(m), m being how many points are
// as near as the k-th neighbour of the same label is.
func ross(labels []int, y [][]float64, index []int, k int) (sum float64) {
	count := map[int]int{}
	for _, i := range index {
		count[labels[i]]++
	}
	n, used := len(index), 0
	var own []float64
	for _, i := range index {
		have := count[labels[i]]
		if have < 2 {
			continue // no neighbour to ask
		}
		own = own[:0]
		for _, j := range index {
			if j != i && labels[j] == labels[i] {
				own = append(own, apart(y[i], y[j]))
			}
		}
		kk := min(k, have-1)
		radius, m := smallest(own, kk), 0
		for _, j := range index {
			if j != i && apart(y[i], y[j]) <= radius {
				m++
			}
		}
		sum += mathext.Digamma(float64(kk)) - mathext.Digamma(float64(m)) - mathext.Digamma(float64(have))
		used++
	}
	return mathext.Digamma(float64(n)) + sum/float64(max(used, 1))
}

// apart is the distance of two points in their widest dimension.
func apart(a, b []float64) (d float64) {
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// smallest returns the k-th smallest of values, whose order it changes.
func smallest(values []float64, k int) float64 {
	least := values[:k]
	slices.Sort(least)
	for _, v := range values[k:] {
		if v < least[k-1] {
			at, _ := slices.BinarySearch(least, v)
			copy(least[at+1:], least[at:k-1])
			least[at] = v
		}
	}
	return least[k-1]
}
