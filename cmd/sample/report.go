package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/page"
	"equifm/cmd/internal/report"
	data "equifm/cmd/internal/run"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// reporting sees the molecules as they are drawn, and makes a page of them.
type reporting struct {
	sample  *report.Evaluation
	data    *report.Evaluation // nil where no data are there
	name    string             // of the data
	gallery *page.Gallery
	heldOut []flow.Example[float32]
	losses  []page.Loss
}

// reporting reads what the molecules are to be held against: the model's own data, or the
// built-in sample of QM9.
func (o options) reporting(d *drawing, stderr io.Writer) (r *reporting, err error) {
	r = &reporting{gallery: page.NewGallery(d.m.Config.Bonds(), d.m.Config.Vocabulary().Elements)}
	set, err := data.Load(d.m.Config.Data)
	if err != nil {
		fmt.Fprintf(stderr, "note: %v; the report holds the molecules against the built-in sample of QM9\n", err)
		set, err = datasets.Builtin()
	}
	if err != nil {
		return nil, err
	}
	if set.Stream != nil {
		fmt.Fprintf(stderr, "note: %s stays in its file: the report holds the molecules against nothing\n", set.Name)
	} else if err := r.read(set, d.m, o.workers); err != nil {
		return nil, err
	}
	r.sample = report.New(d.m.Config.Bonds(), o.workers, r.data)
	r.losses, err = page.ReadLosses(filepath.Join(o.model, "log.jsonl"), d.m.Step)
	return r, err
}

// read judges the molecules that the model learns from, and takes those held out.
func (r *reporting) read(set *datasets.Set, m *trained.Model, workers int) error {
	learn, _, err := m.Config.Data.Molecules(set)
	if err != nil {
		return err
	}
	var molecules report.Slice
	for i := range learn {
		molecules = append(molecules, &learn[i])
	}
	r.name, r.data = fmt.Sprintf("%d molecules of %s", len(learn), set.Name), report.NewReference(m.Config.Bonds(), workers)
	if err := r.data.Read(&molecules, nil); err != nil {
		return err
	}
	r.heldOut, err = data.HeldOut(set, m, 64)
	return err
}

// through passes what is drawn by.
func (r *reporting) through(fill func(files.Add) error) func(files.Add) error {
	return func(add files.Add) error {
		return fill(func(molecules []*molecule.Molecule, judged []metrics.Judgement) error {
			for i, m := range molecules {
				r.gallery.Add(m, &judged[i])
			}
			some := report.Slice(molecules)
			if err := r.sample.Read(&some, nil); err != nil {
				return err
			}
			return add(molecules, judged)
		})
	}
}

// write writes the page.
func (r *reporting) write(ctx context.Context, d *drawing, path string) error {
	how, stats := d.how, d.stats()
	how.Watch = nil
	worth := r.sample.Report(r.data)
	worth.Sampling = &report.Sampling{Step: d.m.Step, Seed: how.Seed, Solver: how.Solver.String(), NFE: stats.NFE, Steps: stats.Steps, Rejected: stats.Rejected}
	return page.Write(ctx, path, page.Source{Title: cmp.Or(d.m.Config.Name, "sample"), Report: worth, Shapes: r.sample.Shapes, Gallery: r.gallery, Data: r.data, DataName: r.name,
		Model: d.m, How: how, HeldOut: r.heldOut, Losses: r.losses})
}
