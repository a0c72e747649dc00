// Command sample draws molecules from a trained model.
//
//	go run ./cmd/sample -n 100 -out molecules.sdf
//	go run ./cmd/sample -model runs/tiny -n 100 -out molecules.sdf
//	go run ./cmd/sample -model runs/tiny -n 100 -solver dopri5 -json
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
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"equifm/cmd/internal/device"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/ranks"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/nn/parallel"
)

func main() {
	ranks.Main("sample", func(r parallel.Ranks, stdout, stderr io.Writer) error {
		return runAmong(r, os.Args[1:], stdout, stderr)
	})
}

// options are the flags.
type options struct {
	model   string
	n       int
	seed    uint64
	atoms   int
	asked   asked
	solver  flow.Solver
	steps   int
	eta     float64
	churn   float64
	grid    flow.Grid
	out     string
	json    bool
	workers int
	device  string

	guidance float64
}

// unset is no solver, no grid and no amount of noise: the model's own is taken.
const unset = -1

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("sample", flag.ContinueOnError)
	f.SetOutput(w)
	f.StringVar(&o.model, "model", "qm9", "checkpoint, the folder of a run, or the name of a built-in model")
	f.IntVar(&o.n, "n", 16, "number of molecules")
	f.Uint64Var(&o.seed, "seed", 0, "seed of sizes and noise")
	f.IntVar(&o.atoms, "atoms", 0, "atoms of every molecule (default as often as the training set has them)")
	f.TextVar(&o.asked, "property", asked{}, "what a model of a property is asked for, as alpha=80, or from one value to another as alpha=60:100; energies in eV (default as often as the training set has it)")
	f.Float64Var(&o.guidance, "guidance", unset, "beyond what the network says of the property: 0 not, 1 as far again, at twice the price (default the model's)")
	f.TextVar(&o.solver, "solver", flow.Solver(unset), strings.Join(flow.SolverNames(), ", ")+" (default the model's)")
	f.IntVar(&o.steps, "steps", 0, "steps of a fixed-step solver (default the model's)")
	f.Float64Var(&o.eta, "eta", unset, "noise of dpm: 0 none, 1 all of the path's diffusion (default the model's)")
	f.Float64Var(&o.churn, "churn", 0, "factor of the noise that stochastic puts back (default the model's)")
	f.TextVar(&o.grid, "grid", flow.Grid(unset), "times of a fixed-step solver: "+strings.Join(flow.GridNames(), ", ")+" (default the model's)")
	f.StringVar(&o.out, "out", "", "file to write, .sdf, .xyz, .smi or .svg (default extended XYZ on the standard output)")
	f.BoolVar(&o.json, "json", false, "print what was done, and what it took, as JSON")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.StringVar(&o.device, "device", "cpu", device.Usage)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; a model is named with -model", f.Arg(0))
	case o.n < 1:
		return o, fmt.Errorf("-n %d, expected at least 1", o.n)
	case o.workers < 1:
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	case o.atoms < 0:
		return o, fmt.Errorf("-atoms %d, expected at least 1", o.atoms)
	case o.steps < 0:
		return o, fmt.Errorf("-steps %d, expected at least 1", o.steps)
	case o.json && o.out == "":
		return o, errors.New("-json needs -out, for the molecules would go to the standard output too")
	}
	if o.out != "" {
		err = files.Check(o.out)
	}
	return o, err
}

func run(args []string, stdout, stderr io.Writer) error { return runAmong(nil, args, stdout, stderr) }

// runAmong is run at each of some ranks. Each draws a part, and the first writes.
func runAmong(among parallel.Ranks, args []string, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	m, err := trained.Open(o.model)
	if err != nil {
		return err
	}
	how, err := o.over(m.Options())
	how.Ranks = among
	if err == nil {
		how.Values, err = o.asked.values(m, o.n)
	}
	if err != nil {
		return err
	}
	on, err := device.Open(o.device, among)
	if err != nil {
		return err
	}
	if on != nil {
		defer on.Close()
		if how.Net, err = on.Network(m.Field); err != nil {
			return err
		}
		how.Together = device.Together
	}
	if note := m.Outside(how.Values); note != "" {
		fmt.Fprintln(stderr, "WARNING:", note)
	}
	start := time.Now()
	molecules, stats, err := m.Sample(context.Background(), how)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	if !parallel.Leads(among) {
		return nil
	}
	if o.out == "" {
		return files.WriteXYZ(stdout, molecules)
	}
	written, err := files.Write(o.out, molecules, m.Judge(molecules))
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(stdout).Encode(map[string]any{
			"model": o.model, "step": m.Step, "molecules": o.n, "written": written, "seed": o.seed, "solver": how.Solver,
			"nfe": stats.NFE, "steps": stats.Steps, "rejected": stats.Rejected, "seconds": seconds, "out": o.out,
		})
	}
	of := ""
	if o.asked.key != "" {
		of = fmt.Sprintf(" asked for %s", o.asked)
	}
	in := o.out
	if written < o.n {
		in = fmt.Sprintf("%s, %d of them there (.smi holds the valid ones, .svg the first)", o.out, written)
	}
	fmt.Fprintf(stdout, "%d molecules%s in %s: %s, %d evaluations of the network each, %.2f s, seed %d\n",
		o.n, of, in, how.Solver, stats.NFE, seconds, o.seed)
	return nil
}

// over puts the flags that were given over the model's own settings.
func (o options) over(how trained.Options) (trained.Options, error) {
	how.Number, how.Seed, how.Workers, how.Atoms = o.n, o.seed, o.workers, o.atoms
	how.Steps = cmp.Or(o.steps, how.Steps)
	how.Churn = cmp.Or(o.churn, how.Churn)
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
