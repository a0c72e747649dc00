//go:build !linux

package run

// ThreadClock is nil: this system does not tell a thread's processor time.
var ThreadClock Clock
