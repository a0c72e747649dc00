package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"equifm/cmd/internal/device"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/usage"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule/formats"
)

// options are the flags.
type options struct {
	model   string
	n       int
	seed    uint64
	atoms   span
	asked   asked
	said    usage.Said
	solver  flow.Solver
	steps   int
	eta     float64
	churn   float64
	grid    flow.Grid
	out     string
	format  string
	json    bool
	workers int
	device  string

	guidance   float64
	wanted     wanted
	given      given
	typesFrom  float64
	resample   int
	trajectory string // file; "" for none
	report     string // file; "" for none
}

// unset is no solver, no grid and no amount of noise: the model's own is taken.
const unset = -1

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("sample", flag.ContinueOnError)
	o.define(f)
	help.On(f, w)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	said, err := usage.Read(f)
	if err != nil {
		return o, err
	}
	if !said["seed"] {
		o.seed = rand.Uint64() >> 32
	}
	if !said["model"] && o.given != (given{}) {
		o.model = "qm9-told"
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; a model is named with -model", f.Arg(0))
	case o.n < 1:
		return o, fmt.Errorf("-n %d, expected at least 1", o.n)
	case o.workers < 1:
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	case said["steps"] && o.steps < 1:
		return o, fmt.Errorf("-steps %d, expected at least 1", o.steps)
	case said["eta"] && !(o.eta >= 0):
		return o, fmt.Errorf("-eta %v, expected 0 or more", o.eta)
	case said["churn"] && !(o.churn >= 1):
		return o, fmt.Errorf("-churn %v, expected 1 or more", o.churn)
	case said["guidance"] && !(o.guidance >= 0):
		return o, fmt.Errorf("-guidance %v, expected 0 or more", o.guidance)
	case said["resample"] && o.resample < 1:
		return o, fmt.Errorf("-resample %d, expected at least 1", o.resample)
	case said["types-from"] && !(o.typesFrom > 0 && o.typesFrom <= 1):
		return o, fmt.Errorf("-types-from %v, expected a time above 0, at most 1", o.typesFrom)
	case !slices.Contains(files.Formats, o.format):
		return o, fmt.Errorf("-format %s, expected one of %s", o.format, strings.Join(files.Formats, ", "))
	case o.json && o.stdout():
		return o, errors.New("-json needs -out FILE, for the molecules would go to the standard output too")
	}
	format, _ := formats.FormatOf(o.trajectory)
	switch {
	case o.trajectory != "" && format != "xyz":
		return o, fmt.Errorf("-trajectory %s, expected a name that ends in .xyz", o.trajectory)
	case o.trajectory != "" && filepath.Clean(o.trajectory) == filepath.Clean(o.out):
		return o, fmt.Errorf("-trajectory %s is the file of -out, expected another", o.trajectory)
	case o.trajectory != "" && o.wanted.any():
		return o, errors.New("-trajectory is of the first -n molecules, not of those that -valid, -unique or -novel choose: expected one of them")
	case o.wanted.any() && o.asked.key != "":
		return o, errors.New("-valid, -unique and -novel draw as many as it takes, -property says what each of -n is asked for: expected one of them")
	}
	o.said = said
	return o, said.Check( // and where the model is known, ask has more
		usage.Idle{Flags: []string{"train"}, If: !o.wanted.novel, Where: "without -novel"},
		usage.Idle{Flags: []string{"types-from"}, If: o.given.formula == "", Where: "without -formula"},
		usage.Idle{Flags: []string{"format"}, If: !o.stdout(), Where: "with -out FILE, whose ending says it"},
	)
}

// stdout says whether molecules go to the standard output.
func (o options) stdout() bool { return o.out == "-" || o.out == "" }

// define has a set of flags fill the options.
func (o *options) define(f *flag.FlagSet) {
	f.StringVar(&o.model, "model", "qm9", "checkpoint, the folder of a run, or the name of a built-in model, "+strings.Join(trained.BuiltIn(), " or ")+", which is taken for a formula or a scaffold")
	f.IntVar(&o.n, "n", 16, "number of molecules")
	f.Uint64Var(&o.seed, "seed", 0, "seed of sizes and noise (default another one each time, which every record says)")
	f.TextVar(&o.atoms, "atoms", span{}, "atoms of every molecule, as 18, or a range, as 12-20 (default as often as the training set has them)")
	f.StringVar(&o.given.formula, "formula", "", "atoms of every molecule, as C6H8O2, of a model that has learned to be told (train.given_types)")
	f.Float64Var(&o.typesFrom, "types-from", 0, "time from which the atoms of -formula are told; before it they may be any (default the model's)")
	f.StringVar(&o.given.scaffold, "scaffold", "", "`file` of XYZ or SDF whose first molecule is a part of every one, kept where it lies, without hydrogens where it is to go on; of a model that has learned that (train.given_parts)")
	f.IntVar(&o.resample, "resample", 0, "times that each step is taken, from where noise has carried its result back, so that the rest fits the part better; at as many times the price (default the model's)")
	f.BoolVar(&o.wanted.valid, "valid", false, "go on until -n molecules are valid, each in one piece")
	f.BoolVar(&o.wanted.unique, "unique", false, "and no two of them the same")
	f.BoolVar(&o.wanted.novel, "novel", false, "and none of them in the training set")
	f.StringVar(&o.wanted.train, "train", "", "training set that -novel is told by: a file or \"builtin\" (default the model's, or the built-in sample)")
	f.StringVar(&o.trajectory, "trajectory", "", "file of XYZ to write how each molecule comes about to, state by state")
	f.StringVar(&o.report, "report", "", "`file` of HTML to write: the molecules to look at, what they are worth, and the model's signs of failure; with a .csv beside it")
	f.TextVar(&o.asked, "property", asked{}, "what a model of a property is asked for, as alpha=80, or from one value to another as alpha=60:100; energies in eV (default as often as the training set has it)")
	f.Float64Var(&o.guidance, "guidance", unset, "beyond what the network says of the property: 0 not, 1 as far again, at twice the price (default the model's)")
	f.TextVar(&o.solver, "solver", flow.Solver(unset), strings.Join(flow.SolverNames(), ", ")+" (default the model's)")
	f.IntVar(&o.steps, "steps", 0, "steps of a fixed-step solver (default the model's)")
	f.Float64Var(&o.eta, "eta", unset, "noise of dpm: 0 none, 1 all of the path's diffusion (default the model's)")
	f.Float64Var(&o.churn, "churn", 0, "factor of the noise that stochastic puts back (default the model's)")
	f.TextVar(&o.grid, "grid", flow.Grid(unset), "times of a fixed-step solver: "+strings.Join(flow.GridNames(), ", ")+" (default the model's)")
	f.StringVar(&o.out, "out", "-", "file to write, .sdf, .xyz, .smi or .svg, or one of these and .gz; - for the standard output")
	f.StringVar(&o.format, "format", "xyz", "of the standard output: "+strings.Join(files.Formats, ", "))
	f.BoolVar(&o.json, "json", false, "print what was done, and what it took, as one JSON object; .docs/json.md has the fields")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.StringVar(&o.device, "device", "cpu", device.Usage)
}
