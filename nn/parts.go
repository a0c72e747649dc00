package nn

import "equifm/nn/parallel"

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

// parts calls f(i, lo, hi) for each part i = [lo, hi) of n numbers.
func parts(n, workers int, f func(i, lo, hi int)) {
	size := partSize(n)
	parallel.Each((n+size-1)/size, workers, func(_, i int) error {
		f(i, i*size, min((i+1)*size, n))
		return nil
	})
}
