//go:build unix

package cputime

import "golang.org/x/sys/unix"

// OfProcess is the processor time that this process has taken, of all its
// threads, in seconds.
func OfProcess() float64 { return used(unix.RUSAGE_SELF) }

// used is the processor time of a process or a thread.
func used(who int) float64 {
	var u unix.Rusage
	if err := unix.Getrusage(who, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
