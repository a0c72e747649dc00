package nn

import "math"

// Clipper scales a gradient down when its norm stands out from the last ones:
// above 1.5·mean + 2·std of the last 50 norms, the rule of EDM's published code
// (Hoogeboom et al. 2022, arXiv 2203.17003), which EquiFM's follows.
//
// The zero value is ready to use: the history starts, as EDM's does, with one
// norm of 3000.
type Clipper struct {
	History []float64 // norms as clipped, oldest first, at most 50
}

const (
	clipHistory = 50
	clipFirst   = 3000.0
)

// Scale takes the norm of a gradient and returns the factor in (0, 1] to scale it
// by. The norm enters the history cut at the threshold. A norm that is not
// finite gets 1 and is not remembered: that step should not be taken.
func (c *Clipper) Scale(norm float64) float64 {
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 1
	}
	if len(c.History) == 0 {
		c.History = append(make([]float64, 0, clipHistory+1), clipFirst)
	}
	limit := c.limit()
	c.History = append(c.History, min(norm, limit))
	if len(c.History) > clipHistory {
		copy(c.History, c.History[1:])
		c.History = c.History[:clipHistory]
	}
	if norm <= limit {
		return 1
	}
	return limit / norm
}

// limit is 1.5·mean + 2·std of the history (population standard deviation).
func (c *Clipper) limit() float64 {
	n := float64(len(c.History))
	var sum, squares float64
	for _, v := range c.History {
		sum += v
	}
	mean := sum / n
	for _, v := range c.History {
		squares += (v - mean) * (v - mean)
	}
	return 1.5*mean + 2*math.Sqrt(squares/n)
}
