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
)

// diagnose prints where in t a model goes wrong.
func diagnose(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("experiment diagnose", flag.ContinueOnError)
	f.SetOutput(stderr)
	q := experiment.DiagnoseRequest{}
	from := f.String("from", "1,0.8,0.6,0.4,0.2", "times to start at, from the true state of the path")
	f.StringVar(&q.Data, "data", "", "molecules to take held-out ones from (default the model's, or the built-in sample)")
	f.IntVar(&q.Molecules, "n", 256, "held-out molecules")
	f.Uint64Var(&q.Seed, "seed", 1, "seed of the noise")
	f.IntVar(&q.Steps, "steps", 0, "evaluations of the network from t = 1 (default the model's)")
	f.IntVar(&q.Workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.BoolVar(&q.JSON, "json", false, "print one JSON object; .docs/json.md has the fields")
	if err := f.Parse(args); err != nil {
		return exit.Usage{Err: err}
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
