//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// stopping are the signals that tell a training to save and stop.
var stopping = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

func ignoreHangup() { signal.Ignore(syscall.SIGHUP) }

// ignorePipe makes writing to a closed pipe an error, as to any other file, and
// not the end of the program: an interrupt under "train | tee log" ends tee too.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }
