package cputime

import "golang.org/x/sys/unix"

// OfThread tells the processor time of the thread that asks: of a goroutine locked
// to its thread, which works alone, all that it takes but for the garbage collector's
// share. It is nil where the system does not say.
var OfThread Clock = func() float64 { return used(unix.RUSAGE_THREAD) }
