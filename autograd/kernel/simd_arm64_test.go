//go:build !noasm

package kernel

// available lists the instruction sets of this machine, and nil for portable Go.
func available() []*kernels { return []*kernels{nil, &neon} }
