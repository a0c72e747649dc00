package nn

import (
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

const (
	maxParts = 64      // of a flat slice
	minPart  = 1 << 12 // numbers in a part, so that small models are not cut up
)

// partSize returns the length of the parts that n numbers are worked on in. It
// depends on n alone, never on the number of workers, so that neither do sums.
func partSize(n int) int {
	size := max((n+maxParts-1)/maxParts, minPart)
	return (size + 15) &^ 15 // whole cache lines
}

// parallel calls f(i, lo, hi) for each part i = [lo, hi) of n numbers; see each.
func parallel(n, workers int, f func(i, lo, hi int)) {
	size := partSize(n)
	each((n+size-1)/size, workers, func(_, i int) {
		f(i, i*size, min((i+1)*size, n))
	})
}

// each calls f(w, i) for i from 0 to n−1, each as one of as many goroutines as
// there are workers gets free: with one, from the caller's. w, below workers, is
// the goroutine's number.
func each(n, workers int, f func(w, i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				f(w, i)
			}
		})
	}
	g.Wait() // no call fails
}
