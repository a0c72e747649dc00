package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"equifm/cmd/internal/experiment"
	"equifm/cmd/internal/usage"
)

// options are the flags.
type options struct {
	list, print, all, quick, json bool
	data, out                     string
	workers                       int
	names                         []string
}

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("experiment", flag.ContinueOnError)
	o.define(f)
	help.On(f, w)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	said, err := usage.Read(f)
	if err != nil {
		return o, err
	}
	o.names = f.Args()
	if o.all {
		o.names = append(experiment.Names(), o.names...)
	}
	switch {
	case o.list && f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; -list lists all there are", f.Arg(0))
	case o.list:
	case o.workers < 1:
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	case o.quick && o.data != "":
		return o, errors.New("-quick runs on the built-in sample, -data on other molecules; expected one of them")
	case len(o.names) == 0:
		return o, fmt.Errorf("expected -list, -all, a file or the name of an experiment: %s", strings.Join(experiment.Names(), ", "))
	}
	for _, name := range o.names {
		if strings.HasPrefix(name, "-") {
			return o, fmt.Errorf("flags go before names, expected none after %q", o.names[0])
		}
	}
	return o, said.Check(
		usage.Idle{Flags: usage.Others(f, "list", "json"), If: o.list, Where: "with -list"},
		usage.Idle{Flags: usage.Others(f, "print", "all"), If: o.print, Where: "with -print"},
	)
}

// define has a set of flags fill the options.
func (o *options) define(f *flag.FlagSet) {
	f.BoolVar(&o.list, "list", false, "list the experiments and what they ask")
	f.BoolVar(&o.print, "print", false, "print an experiment's file")
	f.BoolVar(&o.all, "all", false, "run all experiments of the program")
	f.BoolVar(&o.quick, "quick", false, "minutes, on the built-in sample; so it is without -data")
	f.BoolVar(&o.json, "json", false, "print a JSON object a line for each experiment, and all else on the standard error; .docs/json.md has the fields")
	f.StringVar(&o.data, "data", "", "the long mode: hours, on the molecules of this file, such as qm9.xyz.gz")
	f.StringVar(&o.out, "out", filepath.Join("runs", "experiment"), "folder of results, and of the runs that they are made of")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "runs made side by side, or goroutines of one; changes the speed, not one bit of the result")
}

// help is the command's page.
var help = usage.Page{
	Command: "experiment",
	What: "Experiment trains networks that differ in one thing, several seeds of each, and compares them with error\n" +
		"bars. A command that was stopped goes on where it was. experiment diagnose -h is of one model.",
	Args: "NAME|FILE...",
	Groups: []usage.Group{
		{Title: "Which there are", Flags: []string{"list", "print"}, Examples: []string{
			"-list",
			"-print ladder  # a file to change, and to run",
		}},
		{Title: "Which are run, on what, and what comes of them", Flags: []string{"all", "quick", "data", "out", "json", "workers"}, Examples: []string{
			"-data few.xyz -out results -json -workers 2 mine.toml",
		}},
	},
}
