// Package scratch hands the memory of one molecule on to the next, so that
// judging many of them allocates next to nothing.
package scratch

// Resize returns a slice of length n, x's memory when it is large enough; the
// contents are whatever they were.
func Resize[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n, n+n/2)
	}
	return x[:n]
}
