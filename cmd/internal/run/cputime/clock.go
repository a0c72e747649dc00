// Package cputime tells how much processor time was taken, where the system says.
package cputime

// Clock tells processor time, in seconds, from a moment of its own on.
type Clock func() float64
