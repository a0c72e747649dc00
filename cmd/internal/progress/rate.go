package progress

import (
	"math"
	"time"
)

// memory is the time after which a rate remembers a third of what it was.
const memory = 20 * time.Second

// rate is how fast something is done, smoothed: the sums of what was done and of the time it
// took, both of which fade.
type rate struct{ done, seconds float64 }

// add counts what was done in a time.
func (r *rate) add(done float64, in time.Duration) {
	fade := math.Exp(-in.Seconds() / memory.Seconds())
	r.done, r.seconds = r.done*fade+done, r.seconds*fade+in.Seconds()
}

// perSecond is 0 before anything was done.
func (r *rate) perSecond() float64 {
	if r.seconds <= 0 {
		return 0
	}
	return r.done / r.seconds
}
