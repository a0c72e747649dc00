package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/experiment"
	"equifm/cmd/internal/usage"
)

// diagnose prints where in t a model goes wrong.
func diagnose(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("experiment diagnose", flag.ContinueOnError)
	q := experiment.DiagnoseRequest{}
	from := defineDiagnose(f, &q)
	diagnoseHelp.On(f, stderr)
	if err := f.Parse(args); err != nil {
		return exit.Usage{Err: err}
	}
	said, err := usage.Read(f)
	switch {
	case err != nil:
		return exit.Usage{Err: err}
	case q.Molecules < 1 || q.Workers < 1:
		return exit.Usage{Err: fmt.Errorf("-n %d, -workers %d; expected at least 1", q.Molecules, q.Workers)}
	case said["steps"] && q.Steps < 1:
		return exit.Usage{Err: fmt.Errorf("-steps %d, expected at least 1", q.Steps)}
	}
	if f.NArg() != 1 {
		return exit.Usage{Err: fmt.Errorf("diagnose: expected one model after the flags: a checkpoint, the folder of a run, or the name of a built-in model; got %q", f.Args())}
	}
	q.Model = f.Arg(0)
	for _, word := range strings.Split(*from, ",") {
		t, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil || !(t > 0 && t <= 1) {
			return exit.Usage{Err: fmt.Errorf("-from has %q, expected times above 0, at most 1, with commas between", word)}
		}
		q.Times = append(q.Times, t)
	}
	return experiment.Diagnose(ctx, q, stdout, stderr)
}

// defineDiagnose has a set of flags fill a request, and returns its times as they are given.
func defineDiagnose(f *flag.FlagSet, q *experiment.DiagnoseRequest) (from *string) {
	from = f.String("from", "1,0.8,0.6,0.4,0.2", "`times` t to start at, from the true state of the path: above 0, at most 1, which is noise")
	f.StringVar(&q.Data, "data", "", "molecules to take held-out ones from (default the model's, or the built-in sample)")
	f.IntVar(&q.Molecules, "n", 256, "held-out molecules")
	f.Uint64Var(&q.Seed, "seed", 1, "seed of the noise")
	f.IntVar(&q.Steps, "steps", 0, "evaluations of the network from t = 1 (default the model's)")
	f.IntVar(&q.Workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.BoolVar(&q.JSON, "json", false, "print one JSON object; .docs/json.md has the fields")
	return from
}

// diagnoseHelp is the page of experiment diagnose.
var diagnoseHelp = usage.Page{
	Command: "experiment diagnose",
	What:    "Diagnose tells where in t a model goes wrong: it carries held-out molecules on from their true state at a\ntime, and judges what becomes of them.",
	Args:    "MODEL",
	Groups: []usage.Group{
		{Title: "What is carried on, and how", Flags: []string{"from", "data", "n", "seed", "steps"}, Examples: []string{
			"-n 2 -steps 4 -from 1,0.2 -seed 2 runs/mine",
			"-data few.xyz -n 2 -steps 4 -from 0.5 runs/mine",
		}},
		{Title: "Output and machine", Flags: []string{"json", "workers"}, Examples: []string{"-n 2 -steps 4 -from 0.5 -json -workers 2 runs/mine"}},
	},
}
