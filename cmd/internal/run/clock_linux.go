package run

import "golang.org/x/sys/unix"

// ThreadClock tells the processor time of the thread that asks: of a goroutine locked
// to its thread, which works alone, all that it takes but for the garbage collector's
// share. It is nil where the system does not say.
var ThreadClock Clock = func() float64 { return used(unix.RUSAGE_THREAD) }
