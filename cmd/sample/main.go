// Command sample draws molecules from a trained model.
//
//	go run ./cmd/sample -n 100 -out molecules.sdf
//	go run ./cmd/sample -model runs/tiny -n 100 -out molecules.sdf
//	go run ./cmd/sample -model runs/tiny -n 100 -solver dopri5 -json
//	go run ./cmd/sample -n 100 -out molecules.sdf -report report.html
//	go run ./cmd/sample -n 100 -atoms 12-20 -valid -unique -novel -out new.sdf
//	go run ./cmd/sample -model runs/alpha -property alpha=80 -out molecules.sdf
//	go run ./cmd/sample -model runs/alpha -property alpha=60:100 -atoms 19 -out sweep.svg
//
// The last two are of a model that was trained with condition.property = "alpha".
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"equifm/cmd/internal/device"
	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/ranks"
	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

func main() {
	ranks.Main("sample", func(r parallel.Ranks, stdout, stderr io.Writer) error {
		return exit.Heed(context.Background(), []os.Signal{os.Interrupt, syscall.SIGTERM}, nil, func(ctx context.Context) error {
			return runAmong(ctx, r, os.Args[1:], stdout, stderr)
		})
	})
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return runAmong(ctx, nil, args, stdout, stderr)
}

// runAmong is run at each of some ranks. Each draws a part, and the first writes.
func runAmong(ctx context.Context, among parallel.Ranks, args []string, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return exit.Usage{Err: err}
	}
	if err := o.places(); err != nil {
		return err
	}
	m, err := trained.Open(o.model)
	if err != nil {
		return err
	}
	d := drawing{m: m, line: o.progress(stdout, stderr)}
	stderr = d.line
	if err := o.ask(&d, among); err != nil {
		return err
	}
	on, err := device.Open(o.device, among)
	if err != nil {
		return err
	}
	if on != nil {
		defer on.Close()
		d.how.Together = device.Together
		if d.how.Net, err = on.Network(m.Field); err != nil {
			return err
		}
	}
	for _, note := range []string{m.Outside(d.how.Values), m.OutsideSizes(d.how), whole(m, d.how.Scaffold)} {
		if note != "" {
			fmt.Fprintln(stderr, "WARNING:", note)
		}
	}
	start := time.Now()
	d.begin(o.wanted)
	written, err := o.write(ctx, &d, stdout, stderr)
	d.line.End()
	stopped := ctx.Err() != nil && o.json
	if err != nil && !stopped || !parallel.Leads(among) {
		return err
	}
	if o.stdout() { // where the molecules are
		o.out, stdout = "the standard output", stderr
	}
	return errors.Join(err, o.tell(stdout, &d, written, time.Since(start).Seconds(), err))
}

// progress returns the line that says how it goes, none where molecules go to the same
// terminal.
func (o options) progress(stdout, stderr io.Writer) *progress.Line {
	if f, ok := stdout.(*os.File); ok && o.stdout() && progress.IsTerminal(f) {
		return progress.On(stderr)
	}
	return progress.New(stderr)
}

// write draws the molecules, and writes them where this is the first of the ranks.
func (o options) write(ctx context.Context, d *drawing, stdout, stderr io.Writer) (written int, err error) {
	var tr trajectory
	if o.trajectory != "" {
		d.how.Watch = tr.watch
	}
	fill := func(add files.Add) error { return d.draw(ctx, add) }
	if o.wanted.any() {
		fill = func(add files.Add) error { return o.wanted.fill(ctx, d, add, stderr) }
	}
	var r *reporting
	if o.report != "" && parallel.Leads(d.how.Ranks) {
		if r, err = o.reporting(d, stderr); err != nil {
			return 0, err
		}
		fill = r.through(fill)
	}
	switch {
	case !parallel.Leads(d.how.Ranks):
		err = fill(func([]*molecule.Molecule, []metrics.Judgement) error { return nil })
	case o.stdout():
		written, err = files.StreamTo(stdout, o.format, fill)
	default:
		written, err = files.Stream(o.out, fill)
	}
	if err == nil && o.trajectory != "" {
		err = tr.write(o.trajectory)
	}
	reported := r == nil
	if err == nil && !reported && ctx.Err() == nil {
		if err = r.write(ctx, d, o.report); err != nil && ctx.Err() != nil {
			err = nil // cut says it
		} else {
			reported = true
		}
	}
	return written, exit.Cause(ctx, o.cut(ctx, d, reported, err))
}

// cut says of a sample that was stopped what of it is there.
func (o options) cut(ctx context.Context, d *drawing, reported bool, err error) error {
	switch {
	case ctx.Err() != nil && d.n == 0:
		return fmt.Errorf("interrupted: none of %d molecules was done, and nothing is written", o.n)
	case err != nil || d.n == o.n && reported:
		return err
	case reported:
		return fmt.Errorf("interrupted: %d of %d molecules are written", d.n, o.n)
	}
	return fmt.Errorf("interrupted: %d of %d molecules are written, and no report", d.n, o.n)
}

// done is what -json prints: what was drawn, and what the mean molecule took.
type done struct {
	Model     string  `json:"model"`
	Step      int     `json:"step"` // of the model's training
	Molecules int     `json:"molecules"`
	Written   int     `json:"written"` // of them: .smi holds the valid ones, .svg the first
	Drawn     int     `json:"drawn"`   // with those that -valid, -unique and -novel left out
	Seed      uint64  `json:"seed"`
	Solver    string  `json:"solver"`
	NFE       int     `json:"nfe"` // evaluations of the network
	Steps     int     `json:"steps"`
	Rejected  int     `json:"rejected"`
	Seconds   float64 `json:"seconds"` // of all molecules
	Out       string  `json:"out,omitempty"`
	Stopped   string  `json:"stopped,omitempty"` // what is there, where it ended before its time
}

// tell says what was drawn, and what it took. A sample that was stopped ended with an error.
func (o options) tell(stdout io.Writer, d *drawing, written int, seconds float64, stopped error) error {
	stats := d.stats()
	if o.json {
		is := done{o.model, d.m.Step, o.n, written, d.drawn, o.seed, d.how.Solver.String(),
			stats.NFE, stats.Steps, stats.Rejected, seconds, o.out, ""}
		if stopped != nil {
			is.Stopped = stopped.Error()
		}
		if d.n == 0 {
			is.Out = "" // there is none
		}
		return json.NewEncoder(stdout).Encode(is)
	}
	of := ""
	if o.asked.key != "" {
		of = fmt.Sprintf(" asked for %s", o.asked)
	}
	in := o.out
	if written < o.n {
		in = fmt.Sprintf("%s, %d of them there (.smi holds the valid ones, .svg the first)", o.out, written)
	}
	_, err := fmt.Fprintf(stdout, "%d molecules%s in %s: %s, %d evaluations of the network each, %.2f s, seed %d\n",
		o.n, of, in, d.how.Solver, stats.NFE, seconds, o.seed)
	return err
}
