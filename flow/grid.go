package flow

import (
	"fmt"
	"math"
	"slices"

	"equifm/flow/internal/enum"
	"equifm/flow/schedule"
)

// Grid names the times between which a solver of fixed steps goes.
type Grid int

const (
	GridUniform   Grid = iota // evenly spaced
	GridQuadratic             // dense near the data: PowerGrid with p = 2
	GridCubic                 // denser: p = 3
	GridArc                   // ArcGrid of the features' schedule
	GridKarras                // KarrasGrid of the features' schedule
)

var gridNames = []string{"uniform", "quadratic", "cubic", "arc", "karras"}

// String returns the name.
func (g Grid) String() string { return enum.Name("Grid", gridNames, g) }

// MarshalText writes the name; a grid without one is an error.
func (g Grid) MarshalText() ([]byte, error) { return enum.Marshal("grid", gridNames, g) }

// UnmarshalText reads the name.
func (g *Grid) UnmarshalText(text []byte) error { return enum.Unmarshal("grid", gridNames, text, g) }

// GridNames lists the names of grids.
func GridNames() []string { return slices.Clone(gridNames) }

// Times returns the grid's steps+1 times from one to another; only GridArc and
// GridKarras look at the schedule.
func (g Grid) Times(s schedule.Schedule, from, to float64, steps int) []float64 {
	switch g {
	case GridUniform:
		return PowerGrid(from, to, 1, steps)
	case GridQuadratic:
		return PowerGrid(from, to, 2, steps)
	case GridCubic:
		return PowerGrid(from, to, 3, steps)
	case GridArc:
		return ArcGrid(s, from, to, steps)
	case GridKarras:
		return KarrasGrid(s, from, to, steps)
	}
	panic(fmt.Sprintf("flow: no grid has the number %d", int(g)))
}

// PowerGrid returns steps+1 times from `from` to `to` with t - to falling as
// (1 - i/steps)^p: uniform for p = 1, dense near `to` for p > 1.
func PowerGrid(from, to, p float64, steps int) []float64 {
	return spaced(from, to, steps, func(u float64) float64 { return math.Pow(1-u, p) })
}

// ArcGrid returns steps+1 times between which the point (α, σ) of a schedule
// moves by equal lengths. A straight path gives the uniform grid; a
// variance-preserving one, which runs along a quarter circle, the times of
// equal turn.
func ArcGrid(s schedule.Schedule, from, to float64, steps int) []float64 {
	const fine = 4096
	times, arc := make([]float64, fine+1), make([]float64, fine+1)
	for i := range times {
		u := float64(i) / fine
		times[i] = to + (from-to)*u*u*u // σ goes as √t near the data
		if i > 0 {
			p, q := s.At(times[i-1]), s.At(times[i])
			arc[i] = arc[i-1] + math.Hypot(q.Alpha-p.Alpha, q.Sigma-p.Sigma)
		}
	}
	return spaced(from, to, steps, func(u float64) float64 {
		return (tabulated(arc, times, (1-u)*arc[fine]) - to) / (from - to)
	})
}

// KarrasGrid returns steps+1 times between which the root of order 7 of a schedule's
// noise in units of its data falls by equal steps (Karras et al. 2022, arXiv 2206.00364,
// eq. 5 with ρ = 7). Where the path has more than their σ_max = 80 or less than their
// σ_min = 0.002 at an end, these stand for it. Their last time but σ = 0 is σ_min; a
// Sampler, which leaves the last step to the closed form, goes to the time before.
func KarrasGrid(s schedule.Schedule, from, to float64, steps int) []float64 {
	const rho = 7
	root := func(t float64) float64 { return math.Pow(min(max(s.At(t).Ratio(), schedule.LeastNoise), 80), 1.0/rho) }
	most, least := root(from), root(to)
	return spaced(from, to, steps, func(u float64) float64 {
		return (schedule.TimeOf(s, math.Pow(most+u*(least-most), rho)) - to) / (from - to)
	})
}

// spaced fills a grid whose ends are exact; left(u) is the share of the way that
// is still ahead.
func spaced(from, to float64, steps int, left func(u float64) float64) []float64 {
	if steps < 1 || from == to {
		panic(fmt.Sprintf("flow: grid of %d steps from %g to %g", steps, from, to))
	}
	grid := make([]float64, steps+1)
	for i := range grid {
		grid[i] = to + (from-to)*left(float64(i)/float64(steps))
	}
	grid[0], grid[steps] = from, to
	return grid
}

// tabulated reads y at x from a table with ascending xs.
func tabulated(xs, ys []float64, x float64) float64 {
	lo, hi := 0, len(xs)-1
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; xs[mid] <= x {
			lo = mid
		} else {
			hi = mid
		}
	}
	return ys[lo] + (ys[hi]-ys[lo])*(x-xs[lo])/(xs[hi]-xs[lo])
}
