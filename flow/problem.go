package flow

import (
	"fmt"

	"equifm/autograd"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// Problem is what a Scheme solves: some molecules, to be carried from noise to data
// by a network. It serves one goroutine at a time.
//
// The state y of all of them is flat: the positions (N, 3), then the features (N, F).
type Problem[T autograd.Float] struct {
	Path  Path
	Sizes []int // atoms of each molecule

	first   int // index of the first of them in the sample
	sampler *Sampler[T]
	scheme  Scheme[T]
	tape    *autograd.Tape[T]
	view    nn.View[T]

	random []stream  // one a molecule
	times  []float64 // one a molecule
	cond   []T       // (N, 1+C)
	none   []T       // (N, 1+C) with zeros for the context, for guidance
	q      []T       // as the state
	free   []T       // as the state: q̂ without the context
	known  []T       // as the state: the end point of the last evaluation, if the network asks

	later   []Told       // (N) what is told from Sampler.TypesFrom on; nil when it has been
	last    float64      // time of the last evaluation
	looks   int          // evaluations that it took
	given   told[T]      // what is given of the molecules,
	centres [][3]float64 // and where their given places have their centre, Å
}

func (s *Sampler[T]) newProblem(tape *autograd.Tape[T]) *Problem[T] {
	return &Problem[T]{Path: s.Path, sampler: s, scheme: s.scheme(), tape: tape}
}

// solve samples the molecules from index first on into out.
func (p *Problem[T]) solve(first int, sizes []int, context []T, times []float64, out []State[T]) (stats ode.Stats, err error) {
	p.Sizes, p.first, p.last = sizes, first, times[len(times)-1]
	y := p.prior(first, context)
	if given := p.sampler.Start.States; given != nil {
		p.load(given[first:first+len(sizes)], y)
	}
	if len(times) > 1 {
		if stats, err = p.scheme.Solve(p, times, y); err != nil {
			return stats, err
		}
	}
	t, finish := times[len(times)-1], p.EndPoint
	if p.sampler.ancestral() {
		finish = p.drawEnd
	}
	if !p.sampler.whole() {
		if err := finish(t, y, y); err != nil {
			return stats, fmt.Errorf("flow: end point at t = %.6g: %w", t, err)
		}
		stats.NFE++
		stats.Steps++
	}
	if p.sampler.Guidance > 0 {
		stats.NFE *= 2
	}
	stats.NFE += p.looks
	if err := ode.CheckFinite(y); err != nil {
		return stats, err
	}
	p.handBack(y)
	if err := p.show(0, y); err != nil {
		return stats, err
	}
	at, atom := p.Split(y), 0
	for m, n := range sizes {
		out[m] = at.slice(atom, n, p.sampler.Features)
		atom += n
	}
	return stats, nil
}

// prior draws the state at t = 1 of the molecules from index first on: their
// positions (N, 3), then their features (N, F). It also lays out the condition of
// every atom.
func (p *Problem[T]) prior(first int, context []T) []T {
	atoms, c := 0, p.sampler.Context
	p.cond = p.cond[:0]
	for m, n := range p.Sizes {
		atoms += n
		for range n {
			p.cond = append(append(p.cond, 1), context[c*m:c*(m+1)]...)
		}
	}
	p.none = resize(p.none, len(p.cond))
	clear(p.none)
	p.take(first, atoms)
	y := make([]T, atoms*(3+p.sampler.Features))
	p.known = resize(p.known, len(y))
	clear(p.known)
	p.times = resize(p.times, len(p.Sizes))
	for m := range p.Sizes {
		if m == len(p.random) {
			p.random = append(p.random, newStream())
		}
		p.random[m].seed(p.sampler.Seed, streamSample, 0, p.sampler.First+first+m)
	}
	p.Noise(y)
	p.widen(y)
	p.enter(1, y)
	return y
}

// widen brings standard noise to the width of the path's prior.
func (p *Problem[T]) widen(y []T) {
	at := p.Split(y)
	if width := schedule.Prior(p.Path.X); width != 1 {
		scale(at.X, width, at.X)
	}
	for _, s := range spansOf(p.Path, at) {
		if width := schedule.Prior(s.Schedule); width != 1 {
			s.each(func(from, to int) { scale(at.H[from:to], width, at.H[from:to]) })
		}
	}
}

// Split views a flat state as positions and features.
func (p *Problem[T]) Split(y []T) State[T] {
	atoms := len(y) / (3 + p.sampler.Features)
	return State[T]{X: y[:3*atoms], H: y[3*atoms:]}
}

// Velocity writes dy/dt at (t, y) into dydt: an ode.Derivative. It costs one evaluation
// of the network. What of y is given it puts where it is at t.
func (p *Problem[T]) Velocity(t float64, y, dydt []T) error {
	if err := p.predict(t, y, dydt); err != nil {
		return err
	}
	v := p.Split(dydt)
	Velocity(p.Path, t, v, v)
	return nil
}

// EndPoint writes the data that the network sees behind (t, y) into data, which may
// be y. It costs one evaluation of the network.
func (p *Problem[T]) EndPoint(t float64, y, data []T) error {
	p.q = resize(p.q, len(y))
	if err := p.predict(t, y, p.q); err != nil {
		return err
	}
	EndPoint(p.Path, t, p.Split(y), p.Split(p.q), p.Split(data))
	return nil
}

// Noise fills noise, as long as a state, for every molecule from its own stream.
func (p *Problem[T]) Noise(noise []T) {
	s, atom := p.Split(noise), 0
	for m, n := range p.Sizes {
		molecule := s.slice(atom, n, p.sampler.Features)
		if p.given.of != nil {
			p.given.slice(atom, n, p.sampler.Features).noise(p.random[m].Rand, molecule)
		} else {
			CentredNormal(p.random[m].Rand, molecule.X)
			Normal(p.random[m].Rand, molecule.H)
		}
		atom += n
	}
}

// predict evaluates the network at (t, y) into q, guided if it is to be. What a network
// that asks for more is told next is its prediction at the context.
func (p *Problem[T]) predict(t float64, y, q []T) error {
	for m := range p.times {
		p.times[m] = t
	}
	if err := p.tellLater(t, y); err != nil {
		return err
	}
	p.enter(t, y)
	if err := p.show(t, y); err != nil {
		return err
	}
	w := T(p.sampler.Guidance)
	if w == 0 {
		return p.evaluate(t, y, p.cond, q, true)
	}
	p.free = resize(p.free, len(y))
	if err := p.evaluate(t, y, p.none, p.free, false); err != nil {
		return err
	}
	if err := p.evaluate(t, y, p.cond, q, true); err != nil {
		return err
	}
	for i, free := range p.free {
		q[i] += w * (q[i] - free)
	}
	return nil
}

// evaluate asks the network at (t, y) and a condition, whose times it writes, for q, and
// keeps the end point if it is to be told.
func (p *Problem[T]) evaluate(t float64, y, cond, q []T, tell bool) error {
	p.tape.Reset()
	at, width := p.Split(y), 1+p.sampler.Context
	atoms := len(at.X) / 3
	for i := range atoms {
		cond[i*width] = T(t)
	}
	shown, cond := p.given.show(p.tape, p.sampler.Output, p.Path, p.times, p.Sizes, at, cond)
	fx, fh, err := evaluate(p.tape, p.sampler.Net, p.view, p.Sizes, shown, cond, p.Split(p.known))
	if err != nil {
		return err
	}
	answer := p.given.predict(p.tape, p.sampler.Output, p.Path, p.times, p.Sizes, at, fx, fh)
	if tell && asksForMore(p.sampler.Net) {
		EndPoint(p.Path, t, at, State[T]{X: answer.QX.Data, H: answer.QH.Data}, p.Split(p.known))
	}
	out := p.Split(q) // may be at
	copy(out.X, answer.QX.Data)
	copy(out.H, answer.QH.Data)
	return nil
}
