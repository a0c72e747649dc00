package flow

import (
	"cmp"
	"fmt"
	"math"
	"runtime"

	"equifm/autograd"
	"equifm/flow/ode"
	"equifm/nn/parallel"
)

// Sampler turns noise into molecules by carrying it from t = 1 to t = 0.
//
// A fixed-step solver takes Steps intervals of the grid, the last of them in
// closed form from one evaluation: M grows without bound towards t = 0, where
// the prediction itself says what the data is. Dopri5 runs to t = End and then
// does the same; with End 0 it runs all the way, as the published code does. Ancestral takes all of its Steps to t = 0 and draws the molecule from
// there, by one evaluation more.
//
// The network, the path, Features and, but for Dopri5, Steps have to be said; all
// else may be left at zero.
type Sampler[T autograd.Float] struct {
	Net     Network[T]
	Params  []T // what to evaluate with, such as an average; nil for Net's own
	Path    Path
	Output  Output
	Solver  Solver
	Scheme  Scheme[T] // another one in the place of Solver, unless nil
	Control ode.Control
	Churn   Churn   // of Stochastic and Karras
	Eta     float64 // of DPM: 0 for the deterministic solver, 1 for all the noise of the path's diffusion
	Steps   int     // of a fixed-step solver, or of Scheme
	Grid    Grid
	End     float64 // where Dopri5 stops; 0 for the data, without the closed form
	ByAtom  bool    // Dopri5 holds an atom's error against its distance from the origin: see ode.Integrator.Vectors
	Start   Start[T]
	Given   []Given[T] // what of each molecule is given, or nil; for a network that was trained with Settings.Given

	// TypesFrom is the time from which given types are told, 0 for 1, from the beginning.
	// Before it atoms without a given place are anything, and then each becomes one of those
	// given that the network sees it nearest to: by the assignment of the least total of
	// |ĥ₀ - h₀|². Their order is then another. They are told at the last evaluation at the
	// latest; Dopri5 may look at times of steps that it takes back.
	TypesFrom float64

	// Resample is how often a step is taken, 0 for 1: again from where the path's own noise
	// carries its result back to (RePaint, Lugmayr et al. 2022, arXiv 2201.09865), which
	// brings what is made into agreement with what is given, at as many times the
	// evaluations. True where noise and data are independent; of Stochastic, DPM, Ancestral
	// and Karras. The closed form at the end is taken once.
	Resample int
	Watch    Watch[T]
	First    int // index of the first molecule, by which its random numbers are keyed: a sample may be drawn in parts

	// Guidance is w of classifier-free guidance (Ho and Salimans 2022, arXiv 2207.12598,
	// eq. 6): with q̂_c predicted at the context, and q̂ at zeros in its place, it goes on by
	//
	//	(1+w)·q̂_c - w·q̂
	//
	// at two evaluations of the network for one. 0 is none; other values are for a network
	// that was trained with Settings.Drop.
	Guidance float64

	Features, Context int
	Shard             int // molecules solved together, 0 for 8; Dopri5 takes each by itself
	Seed              uint64
	Workers           int            // goroutines, 0 for as many as Go has processors
	Ranks             parallel.Ranks // processes that share the sample out, nil for this one alone: all get all of it, to the same bits

	team     *parallel.Team
	problems []*Problem[T] // by hand, with the memory that earlier calls have grown
}

// Sample returns one state (x₀, h₀) for each of the sizes, and what the mean
// shard cost. context holds C numbers a molecule, and may be nil if C is 0. What
// is drawn for a molecule depends on the seed, its size and its index alone.
// Fields are not to change after the first call, and calls take turns. With an error, that of
// a network above all, come the states that were done, of no atoms where they were not; of
// several ranks none.
func (s *Sampler[T]) Sample(sizes []int, context []T) ([]State[T], ode.Stats, error) {
	if err := s.check(sizes, context); err != nil {
		return nil, ode.Stats{}, err
	}
	times, err := s.times()
	if err != nil {
		return nil, ode.Stats{}, err
	}
	shard := cmp.Or(s.Shard, defaultShard)
	if s.adaptive() { // steps are chosen for a molecule, not for its neighbours
		shard = 1
	}
	shards := len(sizes)/shard + min(len(sizes)%shard, 1)
	s.gather(cmp.Or(s.Workers, runtime.GOMAXPROCS(0)))
	out, stats := make([]State[T], len(sizes)), make([]ode.Stats, shards)
	own, end := parallel.Own(s.Ranks, shards)
	if err := s.team.Each(end-own, func(w, k int) (err error) {
		k += own
		from, to := k*shard, min((k+1)*shard, len(sizes))
		stats[k], err = s.problems[w].solve(from, sizes[from:to], context[s.Context*from:s.Context*to], times, out[from:to])
		if err != nil {
			err = fmt.Errorf("molecules %d to %d of the sample: %w", from, to-1, err)
		}
		return err
	}, nil); err != nil {
		if s.Ranks != nil {
			out = nil
		}
		return out, ode.Stats{}, err
	}
	parallel.Share(s.Ranks, stats)
	s.share(out, sizes, shard, shards)
	return out, mean(stats), nil
}

// share has the states of every rank's shards come to all.
func (s *Sampler[T]) share(out []State[T], sizes []int, shard, shards int) {
	if s.Ranks == nil {
		return
	}
	atoms := 0
	for _, n := range sizes {
		atoms += n
	}
	all, ends := make([]T, atoms*(3+s.Features)), make([]int, s.Ranks.Size())
	rest, m := all, 0
	for rank := range ends {
		for _, to := parallel.Cut(shards, rank, len(ends)); m < min(to*shard, len(sizes)); m++ {
			place := State[T]{rest[:3*sizes[m]], rest[3*sizes[m] : (3+s.Features)*sizes[m]]}
			copy(place.X, out[m].X) // of this rank's; others' are empty yet
			copy(place.H, out[m].H)
			out[m], rest = place, rest[(3+s.Features)*sizes[m]:]
		}
		ends[rank] = len(all) - len(rest)
	}
	parallel.ShareTo(s.Ranks, all, ends)
}

// gather makes a team of so many hands ready, with the parameters as they are now.
func (s *Sampler[T]) gather(hands int) {
	if s.team == nil {
		s.team = parallel.NewTeam(hands)
		tapes := make([]*autograd.Tape[T], s.team.Hands())
		for i := range tapes {
			tapes[i] = autograd.NewTape[T]()
			s.problems = append(s.problems, s.newProblem(tapes[i]))
		}
		autograd.Join(s.team, tapes)
	}
	params := s.Net.Params()
	data := s.Params
	if data == nil {
		data = params.Data
	}
	view := params.Freeze(data)
	for _, p := range s.problems {
		p.view = view
	}
}

// defaultShard is how many molecules are solved together unless something is said:
// enough for one evaluation of a network to be worth its overhead.
const defaultShard = 8

// adaptive says whether steps depend on the state.
func (s *Sampler[T]) adaptive() bool { return s.Scheme == nil && s.Solver == Dopri5 }

// whole says whether the solver itself goes all the way to t = 0.
func (s *Sampler[T]) whole() bool { return s.adaptive() && s.End == 0 }

// ancestral says whether the molecule is drawn from the state at t = 0.
func (s *Sampler[T]) ancestral() bool { return s.Scheme == nil && s.Solver == Ancestral }

// check returns an error that names the first field, size or context out of range.
func (s *Sampler[T]) check(sizes []int, context []T) error {
	if err := cmp.Or(checkNetwork(s.Net), s.Path.check()); err != nil {
		return err
	}
	switch parameters := len(s.Net.Params().Data); {
	case s.Params != nil && len(s.Params) != parameters:
		return fmt.Errorf("flow: %d numbers to evaluate with, for a network of %d parameters", len(s.Params), parameters)
	case s.Solver < 0 || int(s.Solver) >= len(solverNames):
		return fmt.Errorf("flow: unknown solver %v", s.Solver)
	case s.Grid < 0 || int(s.Grid) >= len(gridNames):
		return fmt.Errorf("flow: unknown grid %v", s.Grid)
	case s.Features < 0 || s.Context < 0 || s.First < 0 || s.Shard < 0 || s.Workers < 0:
		return fmt.Errorf("flow: %d features, %d context values, first index %d, shard %d, %d workers: expected 0 or more each",
			s.Features, s.Context, s.First, s.Shard, s.Workers)
	case !(s.TypesFrom >= 0 && s.TypesFrom <= 1):
		return fmt.Errorf("flow: types told from t = %v on, expected 0 to 1", s.TypesFrom)
	case s.Resample < 0:
		return fmt.Errorf("flow: every step taken %d times, expected 0 or more", s.Resample)
	case s.Resample > 1 && !s.renoises():
		return fmt.Errorf("flow: every step taken %d times by %s, expected 1: stochastic, dpm, ancestral and karras alone put noise back", s.Resample, s.name())
	case !(s.Eta >= 0):
		return fmt.Errorf("flow: eta %v, expected 0 or more", s.Eta)
	case !(s.Churn.From < 1):
		return fmt.Errorf("flow: noise put back from t = %v, expected less than 1", s.Churn.From)
	case !(s.Guidance >= 0) || math.IsInf(s.Guidance, 0) || s.Guidance > 0 && s.Context == 0:
		return fmt.Errorf("flow: guidance %v with %d context columns, expected 0, or more with a context", s.Guidance, s.Context)
	case len(context) != s.Context*len(sizes):
		return fmt.Errorf("flow: %d context values for %d molecules and %d columns", len(context), len(sizes), s.Context)
	}
	for m, n := range sizes {
		if n < 1 {
			return fmt.Errorf("flow: molecule %d of the sample is to have %d atoms, expected at least 1", m, n)
		}
	}
	return cmp.Or(s.Start.check(sizes, s.Features), s.checkGiven(sizes), s.Output.check(s.Path, s.Features))
}

// times returns the grid to integrate over; the closed form is applied at its end.
func (s *Sampler[T]) times() ([]float64, error) {
	from := cmp.Or(s.Start.At, 1)
	if s.adaptive() {
		if !(s.End >= 0 && s.End < from) {
			return nil, fmt.Errorf("flow: dopri5 ends at t = %v, expected 0 to less than %v", s.End, from)
		}
		return []float64{from, s.End}, nil
	}
	if s.Steps < 1 {
		return nil, fmt.Errorf("flow: %d steps, expected at least 1", s.Steps)
	}
	steps := int(math.Ceil(from*float64(s.Steps) - 1e-9))
	times := s.Grid.Times(s.Path.H, from, 0, steps)
	if s.ancestral() {
		return times, nil
	}
	return times[:steps], nil
}

func mean(stats []ode.Stats) (m ode.Stats) {
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
