//go:build !unix

package main

import (
	"os"
	"syscall"
)

// stopping are the signals that tell a training to save and stop. On Windows a
// console that closes is among them, as SIGTERM.
var stopping = []os.Signal{os.Interrupt, syscall.SIGTERM}

func ignoreHangup() {}

// ignorePipe has nothing to ignore where no signal goes with a closed pipe.
func ignorePipe() {}
