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

// parallel calls f(i, lo, hi) for each part i = [lo, hi) of n numbers, from as
// many goroutines as there are workers: with one, from the caller's.
func parallel(n, workers int, f func(i, lo, hi int)) {
	size := partSize(n)
	parts := (n + size - 1) / size
	if workers = min(workers, parts); workers <= 1 {
		for i := range parts {
			f(i, i*size, min((i+1)*size, n))
		}
		return
	}
	var next atomic.Int64
	var g errgroup.Group
	for range workers {
		g.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= parts {
					return nil
				}
				f(i, i*size, min((i+1)*size, n))
			}
		})
	}
	g.Wait() // no part fails
}
