package flow

import (
	"equifm/autograd"
	"equifm/flow/schedule"
)

// span is the channels of the features that run by one schedule.
type span struct {
	schedule.Schedule
	first, width, channels int // of every atom's channels, those from first on
	length                 int // of the features, N·F
}

// spansOf returns the spans of a state's features: one, or with Path.Z another for the
// last channel.
func spansOf[T autograd.Float](p Path, s State[T]) []span {
	n := len(s.H)
	if p.Z == nil || n == 0 {
		return []span{{p.H, 0, n, n, n}} // all at once
	}
	f := 3 * n / len(s.X)
	return []span{{p.H, 0, f - 1, f, n}, {p.Z, f - 1, 1, f, n}}
}

// each calls do for every stretch of the flat features (N, F) that is the span's.
func (s span) each(do func(from, to int)) {
	for from := s.first; from < s.length; from += s.channels {
		do(from, from+s.width)
	}
}
