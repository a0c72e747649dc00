package flow

import (
	"fmt"
	"sync/atomic"

	"equifm/autograd"
	"equifm/nn"

	"golang.org/x/sync/errgroup"
)

// Sampler turns noise into molecules by carrying it from t = 1 to t = 0.
//
// A fixed-step solver takes Steps intervals of the grid, the last of them in
// closed form from one evaluation: M grows without bound towards t = 0, where
// the prediction itself says what the data is. Dopri5 runs to t = End and then
// does the same.
type Sampler[T autograd.Float] struct {
	Net     Network[T]
	Params  []T // what to evaluate with, such as an average; nil for Net's own
	Path    Path
	Output  Output
	Solver  Solver
	Control Control
	Churn   Churn   // of Stochastic
	Eta     float64 // of DPM: 0 for the deterministic solver, 1 for all the noise of the path's diffusion
	Steps   int     // of a fixed-step solver
	Grid    string  // one of GridNames
	End     float64 // where Dopri5 stops

	Features, Context int
	Shard             int // molecules solved together; Dopri5 takes each by itself
	Seed              uint64
	Workers           int

	idle []*solving[T] // workers of earlier calls, with the memory they have grown
}

// Sample returns one state (x₀, h₀) for each of the sizes, and what the mean
// shard cost. context holds C numbers a molecule, and may be nil if C is 0. What
// is drawn for a molecule depends on the seed, its size and its index alone.
// Fields are not to change after the first call, and calls take turns.
func (s *Sampler[T]) Sample(sizes []int, context []T) ([]State[T], Stats, error) {
	times, err := s.times()
	if err != nil {
		return nil, Stats{}, err
	}
	if len(context) != s.Context*len(sizes) {
		panic(fmt.Sprintf("flow: Sample: %d context numbers for %d molecules and %d columns", len(context), len(sizes), s.Context))
	}
	out := make([]State[T], len(sizes))
	shard := s.Shard
	if s.Solver == Dopri5 { // steps are chosen for a molecule, not for its neighbours
		shard = 1
	}
	shards := len(sizes)/shard + min(len(sizes)%shard, 1)
	stats := make([]Stats, shards)
	var g errgroup.Group
	var next atomic.Int64
	for i := range min(s.Workers, shards) {
		if i == len(s.idle) {
			s.idle = append(s.idle, s.newSolving())
		}
		w := s.idle[i]
		g.Go(func() error {
			for {
				k := int(next.Add(1)) - 1
				if k >= shards {
					return nil
				}
				from, to := k*shard, min((k+1)*shard, len(sizes))
				st, err := w.solve(from, sizes[from:to], context[s.Context*from:s.Context*to], times, out[from:to])
				if err != nil {
					return fmt.Errorf("molecules %d to %d of the sample: %w", from, to-1, err)
				}
				stats[k] = st
			}
		})
	}
	if err := g.Wait(); err != nil {
		return nil, Stats{}, err
	}
	return out, mean(stats), nil
}

// times returns the grid to integrate over; the closed form is applied at its end.
func (s *Sampler[T]) times() ([]float64, error) {
	if s.Solver == Dopri5 {
		if !(s.End > 0 && s.End < 1) {
			return nil, fmt.Errorf("flow: dopri5 ends at t = %v, expected between 0 and 1", s.End)
		}
		return []float64{1, s.End}, nil
	}
	if s.Steps < 1 {
		return nil, fmt.Errorf("flow: %d steps, expected at least 1", s.Steps)
	}
	grid, err := Grid(s.Grid, s.Path.H, 1, 0, s.Steps)
	if err != nil {
		return nil, err
	}
	return grid[:s.Steps], nil
}

func mean(stats []Stats) (m Stats) {
	for _, s := range stats {
		m.NFE += s.NFE
		m.Steps += s.Steps
		m.Rejected += s.Rejected
	}
	if n := len(stats); n > 0 {
		m.NFE, m.Steps, m.Rejected = m.NFE/n, m.Steps/n, m.Rejected/n
	}
	return m
}

// solving is one goroutine's share of a Sampler.
type solving[T autograd.Float] struct {
	*Sampler[T]
	tape       *autograd.Tape[T]
	view       nn.View[T]
	integrator *Integrator[T]

	sizes  []int
	random []stream  // one a molecule
	times  []float64 // one a molecule
	cond   []T       // (N, 1+C)
	noise  []T       // as the state
}

func (s *Sampler[T]) newSolving() *solving[T] {
	data := s.Params
	if data == nil {
		data = s.Net.Params().Data
	}
	return &solving[T]{Sampler: s, tape: autograd.NewTape[T](), view: s.Net.Params().BindData(data, nil),
		integrator: NewIntegrator[T](s.Solver, s.Control)}
}

// solve samples the molecules from index first on into out.
func (w *solving[T]) solve(first int, sizes []int, context []T, times []float64, out []State[T]) (stats Stats, err error) {
	w.sizes = sizes
	y := w.prior(first, context)
	switch {
	case w.Solver == Stochastic:
		stats, err = w.stochastic(times, y)
	case w.Solver == DPM:
		stats, err = w.dpm(times, y)
	case len(times) > 1:
		stats, err = w.integrator.Integrate(w.velocity, times, y)
	}
	if err != nil {
		return stats, err
	}
	t, q := times[len(times)-1], make([]T, len(y))
	if err := w.predict(t, y, q); err != nil {
		return stats, fmt.Errorf("flow: end point at t = %.6g: %w", t, err)
	}
	stats.NFE++
	stats.Steps++
	at := w.split(y)
	EndPoint(w.Path, t, at, w.split(q), at)
	if err := checkFinite(y); err != nil {
		return stats, err
	}
	atom := 0
	for m, n := range sizes {
		out[m] = at.slice(atom, n, w.Features)
		atom += n
	}
	return stats, nil
}

// prior draws the state at t = 1 of the molecules from index first on: their
// positions (N, 3), then their features (N, F). It also lays out the condition of
// every atom.
func (w *solving[T]) prior(first int, context []T) []T {
	atoms, c := 0, w.Context
	w.cond = w.cond[:0]
	for m, n := range w.sizes {
		atoms += n
		for range n {
			w.cond = append(append(w.cond, 1), context[c*m:c*(m+1)]...)
		}
	}
	y := make([]T, atoms*(3+w.Features))
	s, atom := w.split(y), 0
	w.times = resize(w.times, len(w.sizes))
	for m, n := range w.sizes {
		if m == len(w.random) {
			w.random = append(w.random, newStream())
		}
		w.random[m].seed(w.Seed, streamSample, 0, first+m)
		molecule := s.slice(atom, n, w.Features)
		CentredNormal(w.random[m].Rand, molecule.X)
		Normal(w.random[m].Rand, molecule.H)
		atom += n
	}
	return y
}

// split views a flat state as positions and features.
func (w *solving[T]) split(y []T) State[T] {
	atoms := len(y) / (3 + w.Features)
	return State[T]{X: y[:3*atoms], H: y[3*atoms:]}
}

// velocity is the right-hand side of the ODE: what q̂ at (t, y) stands for.
func (w *solving[T]) velocity(t float64, y, dydt []T) error {
	if err := w.predict(t, y, dydt); err != nil {
		return err
	}
	v := w.split(dydt)
	Velocity(w.Path, t, v, v)
	return nil
}

// predict evaluates the network at (t, y) into q.
func (w *solving[T]) predict(t float64, y, q []T) error {
	w.tape.Reset()
	at, width := w.split(y), 1+w.Context
	atoms := len(at.X) / 3
	for i := range atoms {
		w.cond[i*width] = T(t)
	}
	for m := range w.times {
		w.times[m] = t
	}
	fx, fh, err := w.Net.Forward(w.tape, w.view, w.sizes,
		w.tape.Const(atoms, 3, at.X), w.tape.Const(atoms, w.Features, at.H), w.tape.Const(atoms, width, w.cond))
	if err != nil {
		return err
	}
	p, out := Predict(w.tape, w.Output, w.Path, w.times, w.sizes, at, fx, fh), w.split(q)
	copy(out.X, p.QX.Data)
	copy(out.H, p.QH.Data)
	return nil
}
