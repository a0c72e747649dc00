//go:build !linux

package cputime

// OfThread is nil: this system does not tell a thread's processor time.
var OfThread Clock
