//go:build !unix

package run

// CPUSeconds is 0: the time is not known on this system.
func CPUSeconds() float64 { return 0 }
