package main

import (
	"context"
	"path/filepath"

	"equifm/cmd/internal/page"
	"equifm/cmd/internal/run"
)

// show writes the page of a run.
func show(ctx context.Context, r *run.Run, out *run.Outcome) error {
	losses, err := page.ReadLosses(filepath.Join(r.Dir, "log.jsonl"), r.Model.Step)
	if err != nil {
		return err
	}
	g := page.NewGallery(r.Config.Bonds(), r.Config.Vocabulary().Elements)
	for i, m := range out.Molecules {
		g.Add(m, &out.Judged[i])
	}
	heldOut := r.Valid
	if len(heldOut) == 0 {
		heldOut = r.Examples
	}
	return page.Write(ctx, filepath.Join(r.Dir, "report.html"), page.Source{
		Title: r.Config.Name, Report: out.Report, Shapes: out.Sample.Shapes, Gallery: g, Data: out.Data, DataName: "the molecules learned from",
		Model: r.Model, How: out.How, HeldOut: heldOut, Losses: losses,
	})
}
