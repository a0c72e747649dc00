package likelihood

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn/parallel"
)

// Trace is how the divergence is found.
type Trace int

const (
	Auto       Trace = iota // Exact up to D = 64, Hutchinson beyond
	Exact                   // every direction: D vector-Jacobian products an evaluation
	Hutchinson              // Probes random directions
)

// smallest is the D up to which Auto is exact.
const smallest = 64

var traceNames = []string{"auto", "exact", "hutchinson"}

// ParseTrace reads auto, exact or hutchinson.
func ParseTrace(name string) (Trace, error) {
	if k := slices.Index(traceNames, name); k >= 0 {
		return Trace(k), nil
	}
	return 0, fmt.Errorf("unknown trace %q, expected one of %s", name, strings.Join(traceNames, ", "))
}

// Flow is a network with all that makes it a flow. Net, Path, Features and End have to
// be said; all else may be left at zero.
type Flow[T autograd.Float] struct {
	Net      flow.Network[T]
	Params   []T // what to evaluate with, such as an average; nil for Net's own
	Path     flow.Path
	Output   flow.Output
	Features int   // F
	Context  int   // columns of context, which are shown as zeros
	Cells    Cells // what features stand for

	End     float64     // e, where integration stops
	Control ode.Control // of Dopri5, by which it goes unless Steps says so
	Steps   int         // of RK4, crowded towards e: the only way that is the same in every pose to rounding; 0 is Dopri5
	Trace   Trace
	Probes  int // of Hutchinson, 0 for 1
	Draws   int // of the noise at the end time for Bound, 0 for 1
	Seed    uint64
	Workers int            // goroutines, 0 for as many as Go has processors; changes the speed, not one bit of the result
	Ranks   parallel.Ranks // processes that share the states out, nil for this one alone: all get all of it, to the same bits
}

// Density is log p of a state, nat.
type Density struct {
	LogP  float64 // the mean over probes
	Error float64 // standard error over probes; 0 of an exact trace, NaN of one probe
	Prior float64 // log p₁ at the noise that the state comes from
	NFE   int     // evaluations of the velocity and its trace
}

// Density returns log p_e of states at the end time, each of a molecule whose positions
// have their centre at the origin. Probes of state i depend on the seed and i alone.
func (f *Flow[T]) Density(states []flow.State[float64]) ([]Density, error) {
	out := make([]Density, len(states))
	err := f.each(states, len(states), func(w *walker[T], k int) (err error) {
		out[k], err = w.density(states[k], flow.LikelihoodRand(f.Seed, k, 0))
		return err
	})
	if err == nil {
		parallel.Share(f.Ranks, out)
	}
	return out, err
}

// each calls do for this rank's tasks with a walker of its own a goroutine, after all was
// checked.
func (f *Flow[T]) each(states []flow.State[float64], tasks int, do func(w *walker[T], k int) error) error {
	if err := f.check(states); err != nil {
		return err
	}
	workers := min(cmp.Or(f.Workers, runtime.GOMAXPROCS(0)), max(tasks, 1))
	walkers := make([]*walker[T], workers)
	for w := range walkers {
		walkers[w] = f.newWalker()
	}
	from, to := parallel.Own(f.Ranks, tasks)
	return parallel.Each(to-from, workers, func(w, k int) error {
		k += from
		if err := do(walkers[w], k); err != nil {
			return fmt.Errorf("likelihood: molecule %d: %w", k*len(states)/tasks+1, err)
		}
		return nil
	})
}

// check returns an error that names the first setting or state out of range.
func (f *Flow[T]) check(states []flow.State[float64]) error {
	switch {
	case f.Net == nil || f.Net.Params() == nil:
		return errors.New("likelihood: no network, or one without parameters")
	case f.Path.X == nil || f.Path.H == nil:
		return errors.New("likelihood: the path has no schedule for coordinates or none for features")
	case f.Params != nil && len(f.Params) != len(f.Net.Params().Data):
		return fmt.Errorf("likelihood: %d numbers to evaluate with, for a network of %d parameters", len(f.Params), len(f.Net.Params().Data))
	case !(f.End > 0 && f.End < 1):
		return fmt.Errorf("likelihood: the end time is %v, expected between 0 and 1", f.End)
	case f.Trace < Auto || f.Trace > Hutchinson:
		return fmt.Errorf("likelihood: trace %d, expected Auto, Exact or Hutchinson", f.Trace)
	case f.Features < 1 || f.Steps < 0 || f.Probes < 0 || f.Draws < 0 || f.Workers < 0:
		return fmt.Errorf("likelihood: %d features, %d steps, %d probes, %d draws, %d workers: expected 1, 0, 0, 0 and 0 or more", f.Features, f.Steps, f.Probes, f.Draws, f.Workers)
	}
	if err := f.Cells.check(f.Features); err != nil {
		return err
	}
	for k, s := range states {
		n := len(s.X) / 3
		if n < 1 || len(s.X) != 3*n || len(s.H) != n*f.Features {
			return fmt.Errorf("likelihood: molecule %d has %d coordinates and %d features, expected 3 and %d for each of its atoms", k+1, len(s.X), len(s.H), f.Features)
		}
		if far := offCentre(s.X); !(far < 1e-4) {
			return fmt.Errorf("likelihood: molecule %d has its centre %.3g Å from the origin, expected it there: flow.Centre", k+1, far)
		}
	}
	return nil
}

// offCentre returns how far the mean of x (N, 3) is from the origin.
func offCentre(x []float64) float64 {
	var sum [3]float64
	for i, v := range x {
		sum[i%3] += v
	}
	return math.Hypot(math.Hypot(sum[0], sum[1]), sum[2]) / float64(len(x)/3)
}

// Dimensions returns D of a molecule.
func Dimensions(atoms, features int) int { return 3*(atoms-1) + features*atoms }

const log2Pi = 1.8378770664093453

// density follows a state from the end time to the noise.
func (w *walker[T]) density(s flow.State[float64], rng source) (d Density, err error) {
	w.begin(len(s.X)/3, rng)
	y := append(append(append(w.y[:0], s.X...), s.H...), make([]float64, w.columns)...)
	w.y = y
	stats, err := w.solver.Integrate(w.derivative, w.grid, y)
	if err != nil {
		return d, err
	}
	state, traces := y[:len(y)-w.columns], y[len(y)-w.columns:]
	d.NFE = stats.NFE
	d.Prior = w.prior(state)
	mean, spread := meanAndError(traces)
	d.LogP, d.Error = d.Prior+mean, spread
	if w.exact {
		d.Error = 0
	}
	return d, nil
}

// prior is log p₁ of a state: Gaussians as wide as the path's noise at t = 1.
func (w *walker[T]) prior(state []float64) (logP float64) {
	logP = -float64(Dimensions(w.atoms, w.Features)) / 2 * log2Pi
	width := schedule.Prior(w.Path.X)
	logP -= 3 * float64(w.atoms-1) * math.Log(width)
	for k, v := range state {
		if k < 3*w.atoms {
			v /= width
		}
		logP -= v * v / 2
	}
	return logP
}

// meanAndError returns the mean of values and its standard error, NaN of one value.
func meanAndError(values []float64) (mean, e float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		e += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(e / (n * (n - 1)))
}
