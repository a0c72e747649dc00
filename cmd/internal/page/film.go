package page

import (
	"context"
	"fmt"

	"equifm/egnn/trained"
	"equifm/molecule"
)

// A page shows how so many molecules came about, in so many pictures each at most.
const films, pictures = 3, 60

// film draws molecule number index of a sample once more, and returns the states on its
// way, noise first and the molecule last, evenly thinned.
func film(ctx context.Context, m *trained.Model, how trained.Options, index int) ([]Frame, error) {
	var states []*molecule.Molecule
	var times []float64
	how.First, how.Number, how.Ranks, how.Workers = how.First+index, 1, nil, 1
	how.Told = nil
	if how.Values != nil {
		how.Values = how.Values[index : index+1]
	}
	how.Watch = func(_ int, t float64, at *molecule.Molecule) error {
		states, times = append(states, at), append(times, t)
		return nil
	}
	if _, _, err := m.Sample(ctx, how); err != nil {
		return nil, fmt.Errorf("film of molecule %d: %w", index+1, err)
	}
	table, n := m.Config.Bonds(), min(pictures, len(states))
	frames := make([]Frame, 0, n)
	for k := range n {
		i := k * (len(states) - 1) / max(n-1, 1)
		if f := frame(states[i], table.Perceive(states[i])); finite(states[i]) {
			f.T = times[i]
			frames = append(frames, f)
		}
	}
	return frames, nil
}

// films makes those of the first good molecules, and of the first bad one.
func (s *Source) films(ctx context.Context) (all [][]Frame, err error) {
	if s.Model == nil {
		return nil, nil
	}
	good, bad := s.Gallery.good, s.Gallery.bad
	var of []*Shown
	for k := range good[:min(films-1, len(good))] {
		of = append(of, &good[k])
	}
	for k := range bad[:min(films-len(of), len(bad))] {
		of = append(of, &bad[k])
	}
	for _, one := range of {
		frames, err := film(ctx, s.Model, s.How, one.Number-1)
		if err != nil {
			return nil, err
		}
		one.Film = len(all)
		all = append(all, frames)
	}
	return all, nil
}
