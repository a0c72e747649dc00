//go:build !unix

package cputime

// OfProcess is 0: the time is not known on this system.
func OfProcess() float64 { return 0 }
