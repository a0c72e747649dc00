package run

// Clock tells processor time, in seconds, from a moment of its own on.
type Clock func() float64
