// Command eval judges generated molecules, of any generator, by EDM's metrics.
//
//	go run ./cmd/eval molecules.sdf
//	go run ./cmd/eval -train qm9.xyz.gz a.xyz b.xyz.gz
//	go run ./cmd/eval -jsonl molecules.xyz > verdicts.jsonl
//	go run ./cmd/eval -train qm9.xyz.gz -report report.html molecules.sdf
//	go run ./cmd/eval -likelihood -model runs/tiny molecules.xyz    # how likely a model makes them
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/page"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/report"
	"equifm/datasets"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

func main() {
	ranks.Main("eval", func(r parallel.Ranks, stdout, stderr io.Writer) error {
		return runAmong(r, os.Args[1:], os.Stdin, stdout, stderr)
	})
}

// table holds the published lengths of QM9 and GEOM-Drugs unchanged.
var table = bonds.All()

// run prints what it has read even if a file is bad: its molecules up to the
// bad line count, then the error is returned.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	return runAmong(nil, args, stdin, stdout, stderr)
}

// runAmong is run at each of some ranks. All read the files, and judge a part each.
func runAmong(among parallel.Ranks, args []string, stdin io.Reader, stdout, stderr io.Writer) (err error) {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return exit.Usage{Err: err}
	}
	if among != nil && slices.Contains(o.files, "-") {
		return exit.Usage{Err: errors.New("-: ranks read the same molecules, expected a file")}
	}
	if o.report != "" {
		if err := page.Check(o.report); err != nil {
			return fmt.Errorf("-report %w", err)
		}
	}
	line := progress.New(stderr)
	defer line.End()
	if o.likelihood.on {
		return runLikelihood(among, o, line, stdin, stdout)
	}
	var train *report.Evaluation
	if o.train != "" {
		if train, err = readTraining(among, o, line); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	if o.apart {
		return errors.Join(o.runApart(among, train, line, stdin, out), out.Flush())
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var each func(metrics.Judgement) error
	if o.jsonl {
		each = func(j metrics.Judgement) error { return lines.Encode(j) }
	}
	e := report.New(table, o.workers, train)
	e.Ranks, e.Stated, e.Told = among, o.bonds == "file", line.Add
	line.Begin("judging:", " molecules", 0, 0)
	var g *page.Gallery
	if o.report != "" {
		g = page.NewGallery(table, molecule.QM9Elements())
		each = both(each, g.Judged)
	}
	var failed error
	for _, path := range o.files {
		failed = errors.Join(failed, o.read(e, path, stdin, g, each))
		if err := out.Flush(); err != nil { // of this rank alone, it may be
			return errors.Join(failed, err)
		}
	}
	line.End()
	r := e.Report(train)
	if r.Molecules == 0 && failed != nil {
		return failed
	}
	if g != nil && parallel.Leads(among) {
		if err := page.Write(context.Background(), o.report, o.page(e, train, r, g)); err != nil {
			return errors.Join(failed, err)
		}
	}
	if o.json || o.jsonl {
		err = lines.Encode(r)
	} else {
		r.Table(out)
	}
	return errors.Join(err, out.Flush(), failed)
}

// readTraining judges the training set.
func readTraining(among parallel.Ranks, o options, line *progress.Line) (*report.Evaluation, error) {
	open := datasets.Load
	if o.train == "builtin" {
		open = func(string) (*datasets.Set, error) { return datasets.Builtin() }
	}
	line.Begin("reading "+o.train, "", 0, 0)
	set, err := open(o.train)
	line.End()
	if err != nil {
		return nil, err
	}
	if set.Stream != nil {
		return nil, fmt.Errorf("%s: expected XYZ or SDF: an array is too large to hold all its shapes", o.train)
	}
	var molecules report.Slice
	for _, i := range set.Splits["train"] {
		molecules = append(molecules, &set.Molecules[i])
	}
	if len(molecules) == 0 {
		return nil, fmt.Errorf("%s: expected molecules with split=train, found none", o.train)
	}
	e := report.NewReference(table, o.workers)
	e.Ranks, e.Stated, e.Told = among, o.bonds == "file", line.Add
	line.Begin("judging the training set:", " molecules", 0, float64(len(molecules)))
	defer line.End()
	return e, e.Read(&molecules, nil)
}

// open opens a file, or the standard input.
func (o options) open(path string, stdin io.Reader) (r molecule.Reader, done func() error, err error) {
	if path == "-" {
		r, err = formats.NewReader(stdin, "standard input", o.format)
		return r, func() error { return nil }, err
	}
	f, err := formats.Open(path)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

// read judges the molecules of a file.
func (o options) read(e *report.Evaluation, path string, stdin io.Reader, g *page.Gallery, each func(metrics.Judgement) error) error {
	f, done, err := o.open(path, stdin)
	if err != nil {
		return err
	}
	defer done()
	before := e.Tally.Len()
	var r molecule.Reader = f
	if g != nil {
		r = g.Reading(f)
	}
	if err := e.Read(r, each); err != nil {
		return err
	}
	if e.Tally.Len() == before {
		return fmt.Errorf("%s: expected molecules, found none", path)
	}
	return nil
}
