//go:build !amd64 || noasm

package kernel

func detect() *kernels { return nil }
