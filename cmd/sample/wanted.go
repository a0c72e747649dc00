package main

import (
	"context"
	"fmt"
	"io"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/report"
	data "equifm/cmd/internal/run"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow/ode"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// wanted is which molecules are asked for; others are drawn, counted and left out.
type wanted struct {
	valid, unique, novel bool
	train                string // that novel is told by; "" for the model's
}

// any says whether something is asked for.
func (w wanted) any() bool { return w.valid || w.unique || w.novel }

// Drawing goes on until enough are found or so many were drawn for each that is asked for.
const mostDrawn = 200

// found is what drawing came to.
type found struct {
	molecules  []*molecule.Molecule
	judgements []metrics.Judgement
	indices    []int // of the molecules among all that were drawn
	stats      ode.Stats
	drawn      int
	rejected   map[string]int // by the first reason
}

// draw draws until how.Number molecules are found that are all that is asked for. Which
// they are depends on the seed alone: molecule by molecule, in order. When ctx ends, those
// found so far are kept.
func (w wanted) draw(ctx context.Context, d *drawing, stderr io.Writer) (f found, err error) {
	m, how := d.m, d.how
	known, err := w.known(m, how.Workers, stderr)
	if err != nil {
		return f, err
	}
	seen, n := map[string]bool{}, how.Number
	f.rejected = map[string]int{}
	var evaluations int
	for len(f.molecules) < n {
		if f.drawn >= mostDrawn*n {
			return f, fmt.Errorf("%d molecules drawn, %d of them as asked for (%s): expected %d; is it too much to ask of this model?", f.drawn, len(f.molecules), f.why(), n)
		}
		how.First, how.Number = f.drawn, min(d.partSize(), n-len(f.molecules))
		molecules, stats, err := m.Sample(ctx, how)
		if err != nil && ctx.Err() != nil && len(f.molecules) > 0 {
			break // with what was found
		}
		if err != nil {
			return f, err
		}
		f.stats = stats
		evaluations += stats.NFE * len(molecules)
		f.drawn += len(molecules)
		for i, j := range m.Judge(molecules) {
			switch {
			case !j.Valid || j.Fragments > 1:
				f.rejected["not valid in one piece"]++
			case w.unique && seen[j.SMILES]:
				f.rejected["seen before"]++
			case w.novel && known[j.SMILES]:
				f.rejected["in the training set"]++
			default:
				f.molecules, f.judgements = append(f.molecules, molecules[i]), append(f.judgements, j)
				f.indices = append(f.indices, how.First+i)
			}
			if j.Valid && j.Fragments == 1 {
				seen[j.SMILES] = true
			}
		}
		d.line.Set(float64(len(f.molecules)))
	}
	f.stats.NFE = evaluations / f.drawn
	return f, nil
}

// fill is drawing.draw for molecules that are all that is asked for, and says how much of
// what was drawn that is.
func (w wanted) fill(ctx context.Context, d *drawing, add files.Add, stderr io.Writer) error {
	f, err := w.draw(ctx, d, stderr)
	d.drawn = f.drawn
	if err != nil {
		return err
	}
	d.n = len(f.molecules)
	d.sum = ode.Stats{NFE: d.n * f.stats.NFE, Steps: d.n * f.stats.Steps, Rejected: d.n * f.stats.Rejected}
	for i, m := range f.molecules {
		files.Origin(m, &f.judgements[i], d.m, d.how, f.indices[i], f.stats.NFE)
	}
	fmt.Fprintf(stderr, "%d of %d molecules drawn are as asked for, %.1f%%: %s\n", d.n, d.drawn, 100*float64(d.n)/float64(d.drawn), f.why())
	return add(f.molecules, f.judgements)
}

// known returns the strings of the training set, where they are asked for.
func (w wanted) known(m *trained.Model, workers int, stderr io.Writer) (map[string]bool, error) {
	if !w.novel {
		return nil, nil
	}
	source := m.Config.Data
	if w.train != "" {
		source.Source = w.train
	}
	set, err := data.Load(source)
	if err != nil && w.train == "" {
		fmt.Fprintf(stderr, "note: %v; novel is what the built-in sample of QM9 does not have (-train names another set)\n", err)
		set, err = datasets.Builtin()
	}
	if err != nil {
		return nil, err
	}
	if set.Stream != nil {
		return nil, fmt.Errorf("-novel: %s stays in its file, expected a set of XYZ or SDF", set.Name)
	}
	var train report.Slice
	for i := range set.Molecules {
		train = append(train, &set.Molecules[i])
	}
	e := report.New(m.Config.Bonds(), workers, nil)
	if err := e.Read(&train, nil); err != nil {
		return nil, err
	}
	return e.Tally.SMILES(), nil
}

// why lists what was left out for what reason.
func (f found) why() (text string) {
	for _, reason := range []string{"not valid in one piece", "seen before", "in the training set"} {
		if k := f.rejected[reason]; k > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%d %s", k, reason)
		}
	}
	if text == "" {
		return "none left out"
	}
	return text
}
