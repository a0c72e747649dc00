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
	"cmp"
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
	"equifm/flow"
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
	if note := m.Outside(d.how.Values); note != "" {
		fmt.Fprintln(stderr, "WARNING:", note)
	}
	start := time.Now()
	d.begin(o.wanted)
	written, err := o.write(ctx, &d, stdout, stderr)
	d.line.End()
	if err != nil || !parallel.Leads(among) {
		return err
	}
	if o.stdout() { // where the molecules are
		o.out, stdout = "the standard output", stderr
	}
	return o.tell(stdout, &d, written, time.Since(start).Seconds())
}

// progress returns the line that says how it goes, none where molecules go to the same
// terminal.
func (o options) progress(stdout, stderr io.Writer) *progress.Line {
	if f, ok := stdout.(*os.File); ok && o.stdout() && progress.IsTerminal(f) {
		return progress.On(stderr)
	}
	return progress.New(stderr)
}

// ask fills in what is asked of the model.
func (o *options) ask(d *drawing, among parallel.Ranks) error {
	if among != nil && o.trajectory != "" {
		return errors.New("-trajectory is of one process: ranks see a part of the molecules each")
	}
	seeds, err := parallel.All(among, o.seed)
	if err != nil {
		return err
	}
	o.seed = seeds[0] // one for all, where each has drawn its own
	if d.how, err = o.over(d.m.Options()); err != nil {
		return exit.Usage{Err: err}
	}
	if err := o.given.over(&d.how); err != nil {
		return err
	}
	d.how.Ranks = among
	d.how.Values, err = o.asked.values(d.m, o.n)
	return err
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
	if err == nil && r != nil && ctx.Err() == nil {
		err = r.write(ctx, d, o.report)
	}
	if err == nil && d.n < o.n {
		err = fmt.Errorf("interrupted: %d of %d molecules are written", d.n, o.n)
	}
	return written, exit.Cause(ctx, err)
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
	Out       string  `json:"out"`
}

// tell says what was drawn, and what it took.
func (o options) tell(stdout io.Writer, d *drawing, written int, seconds float64) error {
	stats := d.stats()
	if o.json {
		return json.NewEncoder(stdout).Encode(done{o.model, d.m.Step, o.n, written, d.drawn, o.seed, d.how.Solver.String(),
			stats.NFE, stats.Steps, stats.Rejected, seconds, o.out})
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

// over puts the flags that were given over the model's own settings.
func (o options) over(how trained.Options) (trained.Options, error) {
	how.Number, how.Seed, how.Workers, how.Atoms = o.n, o.seed, o.workers, o.atoms.from
	if o.atoms.to > o.atoms.from {
		how.MostAtoms = o.atoms.to
	}
	how.Steps = cmp.Or(o.steps, how.Steps)
	how.Churn = cmp.Or(o.churn, how.Churn)
	how.Resample = cmp.Or(o.resample, how.Resample)
	how.TypesFrom = cmp.Or(o.typesFrom, how.TypesFrom)
	if o.solver != unset {
		how.Solver = o.solver
	}
	if o.grid != unset {
		how.Grid = o.grid
	}
	if o.eta != unset {
		how.Eta = o.eta
	}
	if o.guidance != unset {
		how.Guidance = o.guidance
	}
	if how.Solver == flow.Dopri5 && (o.steps > 0 || o.grid != unset) {
		return how, errors.New("-steps and -grid are for solvers of fixed steps; dopri5 chooses its own")
	}
	return how, nil
}
