package main

import (
	"path/filepath"
	"strings"

	"equifm/cmd/internal/page"
	"equifm/cmd/internal/report"
	"equifm/molecule/metrics"
)

// page is what a report of the files shows.
func (o options) page(e, train *report.Evaluation, r report.Report, g *page.Gallery) page.Source {
	var names []string
	for _, path := range o.files {
		names = append(names, filepath.Base(path))
	}
	return page.Source{Title: strings.Join(names, ", "), Report: r, Shapes: e.Shapes, Gallery: g, Data: train, DataName: o.train}
}

// both hands a judgement to two, the first of which may be nil.
func both(first, second func(metrics.Judgement) error) func(metrics.Judgement) error {
	if first == nil {
		return second
	}
	return func(j metrics.Judgement) error {
		if err := first(j); err != nil {
			return err
		}
		return second(j)
	}
}
