package flow

import (
	"fmt"
	"slices"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow/schedule"
)

// Start is where sampling begins, if not at noise: it shows what becomes of states
// whose truth is known. Its steps are as long as those from t = 1, to rounding up.
type Start[T autograd.Float] struct {
	At     float64    // t, above 0 and at most 1; 0 is 1
	States []State[T] // at that time, one a molecule; nil for noise, which is at t = 1
}

// Watch is told of every state that the network is asked at, stages of a step among them,
// and in the end of the sample, at t = 0: that of molecule number index, which is not to
// be changed nor kept. Goroutines call at once. An error ends the sampling.
type Watch[T autograd.Float] func(index int, t float64, at State[T]) error

// show tells who watches of the state of every molecule.
func (p *Problem[T]) show(t float64, y []T) error {
	if p.sampler.Watch == nil {
		return nil
	}
	at, atom := p.Split(y), 0
	for m, n := range p.Sizes {
		one := at.slice(atom, n, p.sampler.Features)
		if t > 0 && p.given.of != nil { // in the given places' own frame, as the molecule will be
			one.X = slices.Clone(one.X)
			move(one.X, p.centres[m], 1)
		}
		if err := p.sampler.Watch(p.sampler.First+p.first+m, t, one); err != nil {
			return err
		}
		atom += n
	}
	return nil
}

// Prior returns what the sampler starts from: the noise of molecules of these sizes, as
// States of a Start at t = 1.
func (s *Sampler[T]) Prior(sizes []int) ([]State[T], error) {
	context := make([]T, s.Context*len(sizes))
	if err := s.check(sizes, context); err != nil {
		return nil, err
	}
	p := s.newProblem(autograd.NewTape[T]())
	p.Sizes = sizes
	at, atom := p.Split(p.prior(0, context)), 0
	states := make([]State[T], len(sizes))
	for m, n := range sizes {
		states[m] = at.slice(atom, n, s.Features)
		atom += n
	}
	return states, nil
}

// check returns an error for a start that does not go with the sizes.
func (s Start[T]) check(sizes []int, features int) error {
	if !(s.At >= 0 && s.At <= 1) || s.States == nil && s.At > 0 && s.At < 1 {
		return fmt.Errorf("flow: a start at t = %v with %d states, expected a time above 0, at most 1, and a state for every molecule", s.At, len(s.States))
	}
	if s.States != nil && len(s.States) != len(sizes) {
		return fmt.Errorf("flow: %d states to start from for %d molecules", len(s.States), len(sizes))
	}
	for m, x := range s.States {
		if len(x.X) != 3*sizes[m] || len(x.H) != features*sizes[m] {
			return fmt.Errorf("flow: molecule %d starts with %d coordinates and %d features, expected %d and %d",
				m, len(x.X), len(x.H), 3*sizes[m], features*sizes[m])
		}
	}
	return nil
}

// load lays states out as y.
func (p *Problem[T]) load(states []State[T], y []T) {
	at, atom := p.Split(y), 0
	for m, n := range p.Sizes {
		to := at.slice(atom, n, p.sampler.Features)
		copy(to.X, states[m].X)
		copy(to.H, states[m].H)
		atom += n
	}
}

// take reads what is given of the molecules from index first on.
func (p *Problem[T]) take(first, atoms int) {
	p.given, p.centres, p.later, p.looks = told[T]{}, p.centres[:0], nil, 0
	if p.sampler.Given == nil {
		return
	}
	g := told[T]{make([]Told, 0, atoms), State[T]{make([]T, 0, 3*atoms), make([]T, 0, p.sampler.Features*atoms)}}
	for m := range p.Sizes {
		of := p.sampler.Given[first+m]
		_, centre := placed(of.X, of.Told)
		from := len(g.data.X)
		g.of, g.data.X, g.data.H = append(g.of, of.Told...), append(g.data.X, of.X...), append(g.data.H, of.H...)
		move(g.data.X[from:], centre, -1)
		p.centres = append(p.centres, centre)
	}
	if from := p.sampler.TypesFrom; from > 0 && from < 1 {
		p.later, g.of = g.of, slices.Clone(g.of)
		for i, what := range g.of {
			if what&PlaceTold == 0 {
				g.of[i] = 0
			}
		}
	}
	p.given = g
	tell(g.of, p.cond)
	tell(g.of, p.none)
}

// tellLater tells the types at their time: which atom has which is as the network sees them.
func (p *Problem[T]) tellLater(t float64, y []T) error {
	if p.later == nil || t > max(p.sampler.TypesFrom, p.last) {
		return nil
	}
	end := make([]T, len(y))
	if err := p.evaluate(t, y, p.cond, end, false); err != nil {
		return err
	}
	EndPoint(p.Path, t, p.Split(y), p.Split(end), p.Split(end))
	p.looks++
	first := 0
	for _, n := range p.Sizes {
		if err := p.deal(first, n, p.Split(end).H); err != nil {
			return err
		}
		first += n
	}
	p.given.of, p.later = p.later, nil
	tell(p.given.of, p.cond)
	tell(p.given.of, p.none)
	return nil
}

// deal deals the types of a molecule's atoms, from first on, that are still to be told out
// to those atoms by what the network sees, seen (N, F).
func (p *Problem[T]) deal(first, n int, seen []T) error {
	F, h := p.sampler.Features, p.given.data.H
	var atoms []int
	for i := first; i < first+n; i++ {
		if p.later[i] == TypeTold {
			atoms = append(atoms, i)
		}
	}
	if len(atoms) == 0 {
		return nil
	}
	cost, types := make([]float64, 0, len(atoms)*len(atoms)), make([]T, 0, F*len(atoms))
	for _, i := range atoms {
		for _, j := range atoms {
			cost = append(cost, squaredError(seen[F*i:F*(i+1)], h[F*j:F*(j+1)]))
		}
		types = append(types, h[F*i:F*(i+1)]...)
	}
	of, _, err := new(eot.Assigner).Assign(cost, len(atoms))
	for k, i := range atoms {
		if err == nil {
			copy(h[F*i:F*(i+1)], types[F*of[k]:])
		}
	}
	return err
}

// enter puts what is given where it is at t.
func (p *Problem[T]) enter(t float64, y []T) {
	if p.given.of == nil {
		return
	}
	for m := range p.times {
		p.times[m] = t
	}
	own := p.given.at(p.tape, p.Path, p.times, p.Sizes, func(c schedule.Coefficients) float64 { return c.Alpha })
	told[T]{p.given.of, own}.settle(p.Split(y))
}

// handBack puts what is given as it was given into the molecules y, in its own frame.
func (p *Problem[T]) handBack(y []T) {
	if p.given.of == nil {
		return
	}
	at, atom := p.Split(y), 0
	for m, n := range p.Sizes {
		move(at.X[3*atom:3*(atom+n)], p.centres[m], 1)
		of, own := p.sampler.Given[p.first+m], p.given.slice(atom, n, p.sampler.Features)
		own.data.X = of.X
		own.settle(at.slice(atom, n, p.sampler.Features))
		atom += n
	}
}

// checkGiven returns an error for what is given that does not go with the sizes.
func (s *Sampler[T]) checkGiven(sizes []int) error {
	if s.Given == nil {
		return nil
	}
	if len(s.Given) != len(sizes) || s.Context < toldColumns {
		return fmt.Errorf("flow: something given of %d molecules for %d, with %d context columns: expected all of them, and %d columns to tell it in", len(s.Given), len(sizes), s.Context, toldColumns)
	}
	for m, g := range s.Given {
		if n := sizes[m]; len(g.Told) != n || len(g.X) != 3*n || len(g.H) != s.Features*n {
			return fmt.Errorf("flow: given of molecule %d are %d atoms, %d coordinates and %d features, expected %d, %d and %d",
				m, len(g.Told), len(g.X), len(g.H), n, 3*n, s.Features*n)
		}
	}
	return nil
}
