package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"

	"equifm/cmd/internal/usage"
)

// options are the flags and files.
type options struct {
	json, jsonl bool
	apart       bool // files are samples each
	train       string
	bonds       string
	format      string
	report      string // file; "" for none
	workers     int
	likelihood  likelihoodOptions
	files       []string
}

// parseFlags reads flags before, between and after the files; behind -- all is files.
func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	o.define(f)
	help.On(f, w)
	for {
		if err := f.Parse(args); err != nil {
			return o, err
		}
		rest := f.Args()
		if used := len(args) - len(rest); len(rest) == 0 || used > 0 && args[used-1] == "--" {
			o.files = append(o.files, rest...)
			break
		}
		o.files, args = append(o.files, rest[0]), rest[1:]
	}
	said, err := usage.Read(f)
	l := &o.likelihood
	switch {
	case err != nil:
		return o, err
	case len(o.files) == 0:
		return o, errors.New("no files; eval -h tells the usage")
	case o.json && o.jsonl:
		return o, errors.New("-json and -jsonl exclude each other; -jsonl has the totals in its last line")
	case o.apart && (o.jsonl || o.report != "" || l.on):
		return o, errors.New("-apart is of figures alone: expected no -jsonl, -report or -likelihood with it")
	case o.apart && len(o.files) < 2:
		return o, errors.New("-apart takes a mean over files, expected two at least")
	case slices.Contains(o.files, "-") && o.format != "xyz" && o.format != "sdf":
		return o, fmt.Errorf("-format %q, expected xyz or sdf for the standard input", o.format)
	case o.bonds != "file" && o.bonds != "distance":
		return o, fmt.Errorf("-bonds %s, expected file or distance", o.bonds)
	case o.workers < 1:
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	case l.n < 0 || l.probes < 1 || l.draws < 1:
		return o, fmt.Errorf("-n %d, -probes %d, -draws %d; expected at least 0, 1 and 1", l.n, l.probes, l.draws)
	case said["end"] && !(l.end > 0 && l.end < 1):
		return o, fmt.Errorf("-end %v, expected a time above 0 and below 1", l.end)
	}
	return o, said.Check(o.idle()...)
}

// idle says which flags change nothing.
func (o *options) idle() []usage.Idle {
	l := &o.likelihood
	return []usage.Idle{
		{Flags: []string{"model", "n", "trace", "probes", "draws", "end", "seed"}, If: !l.on, Where: "without -likelihood"},
		{Flags: []string{"train", "bonds", "report"}, If: l.on, Where: "with -likelihood, which does not judge molecules"},
		{Flags: []string{"probes"}, If: l.trace == "exact", Where: "with -trace exact"},
		{Flags: []string{"format"}, If: !slices.Contains(o.files, "-"), Where: "without - among the files, whose endings say it"},
	}
}

// define has a set of flags fill the options.
func (o *options) define(f *flag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "print the totals as one JSON object; .docs/json.md has the fields")
	f.BoolVar(&o.jsonl, "jsonl", false, "print a JSON line for each molecule, and the totals last")
	f.BoolVar(&o.apart, "apart", false, "every file is a sample by itself, as of one seed: print mean and standard deviation over them")
	f.StringVar(&o.train, "train", "", "training set, a file or \"builtin\": novelty, and distance of the geometry from it; where molecules say split=, only split=train")
	f.StringVar(&o.bonds, "bonds", "file", "file: bonds and charges as an SDF states them, from distances where it states none; distance: from distances alone, as EDM's protocol has it")
	f.StringVar(&o.format, "format", "", "of the standard input, which the file - stands for: xyz or sdf")
	f.StringVar(&o.report, "report", "", "`file` of HTML to write: the molecules to look at, and what they are worth; with a .csv beside it")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	l := &o.likelihood
	f.BoolVar(&l.on, "likelihood", false, "print how likely a model makes the molecules, log p in nat and bits a dimension, instead of judging them; the other flags here are of that")
	f.StringVar(&l.model, "model", "qm9", "model: a checkpoint, the folder of a run, or a built-in model")
	f.StringVar(&l.trace, "trace", "auto", "divergence: exact, hutchinson (random directions), or auto, exact for small molecules")
	f.IntVar(&l.n, "n", 0, "the first so many molecules, 0 for all")
	f.IntVar(&l.probes, "probes", 1, "random directions of a draw")
	f.IntVar(&l.draws, "draws", 1, "draws of the noise at the end time, of each molecule")
	f.Float64Var(&l.end, "end", 0, "`time` t at which types are decided, above 0 and below 1, which is noise (default the model's sample.end)")
	f.Uint64Var(&l.seed, "seed", 1, "seed of the noise and the directions")
}

// help is the command's page.
var help = usage.Page{
	Command: "eval",
	What: "Eval judges molecules, of any generator, by EDM's metrics: files of XYZ or SDF, also gzipped, or the\n" +
		"standard input as -. Shares are in percent with 95% intervals and what they are of.",
	Args: "FILE...",
	Groups: []usage.Group{
		{Title: "What they are held against, and by which bonds", Flags: []string{"train", "bonds"}, Examples: []string{
			"molecules.sdf",
			"-train mine.sdf molecules.sdf  # with novelty, distances of the geometry, and the training set's own figures",
			"-bonds distance molecules.sdf  # EDM's protocol, whatever bonds the file states",
		}},
		{Title: "What goes in and out", Flags: []string{"apart", "format", "json", "jsonl", "report"}, Examples: []string{
			"-apart molecules.sdf more.sdf  # mean and standard deviation over seeds",
			"-report report.html molecules.sdf  # to look at in a browser",
			"-format sdf - < molecules.sdf",
			"-json molecules.sdf",
			"-jsonl molecules.sdf > verdicts.jsonl",
		}},
		{Title: "How likely a model makes them, instead", Flags: []string{"likelihood", "model", "n", "trace", "probes", "draws", "end", "seed"}, Examples: []string{
			"-likelihood -model runs/mine -n 2 molecules.sdf",
			"-likelihood -model runs/mine -n 2 -trace hutchinson -probes 4 -draws 2 -end 0.02 -seed 5 molecules.sdf",
		}},
		{Title: "The machine", Flags: []string{"workers"}, Examples: []string{"-workers 2 molecules.sdf"}},
	},
}
