//go:build !unix

package run

// cpuSeconds is 0: the time is not known on this system.
func cpuSeconds() float64 { return 0 }
