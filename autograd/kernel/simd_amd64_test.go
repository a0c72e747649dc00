//go:build !noasm

package kernel

// available lists the instruction sets of this machine, and nil for plain Go.
func available() []*kernels {
	switch detect() {
	case &avx512:
		return []*kernels{nil, &avx2, &avx512}
	case &avx2:
		return []*kernels{nil, &avx2}
	}
	return []*kernels{nil}
}
