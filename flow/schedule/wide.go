package schedule

import (
	"fmt"
	"math"
)

// Wide is a schedule whose noise has another standard deviation than 1: z stands for
// Width·z in all that Schedule says,
//
//	xt = α·x0 + σ·Width·z     q = QData·x0 + QNoise·Width·z
//
// and dx/dt = M·q, and x̂0 by xt and q, are what they were.
type Wide struct {
	Schedule
	Width float64 // Å for positions
}

func (w Wide) String() string { return fmt.Sprintf("%v, noise %v wide", w.Schedule, w.Width) }

func (w Wide) At(t float64) Coefficients {
	c := w.Schedule.At(t)
	c.Sigma, c.DSigma, c.QNoise = w.Width*c.Sigma, w.Width*c.DSigma, w.Width*c.QNoise
	return c
}

// Prior returns the standard deviation of the noise that sampling starts from. It is σ(1)
// where that is more than 1. The variance-preserving paths end a hair below 1, and start
// at 1 as published.
func Prior(s Schedule) float64 {
	if w, ok := s.(Wide); ok {
		return w.Width * Prior(w.Schedule)
	}
	return math.Max(s.At(1).Sigma, 1)
}
