// Command train trains a network on molecules, samples from it and judges the
// sample.
//
//	go run ./cmd/train                       # two minutes on built-in QM9
//	go run ./cmd/train -config qm9-small
//	go run ./cmd/train -config my.toml -out runs/mine
//	go run ./cmd/train -out runs/mine -resume
//
// The run's folder, runs/NAME unless -out says otherwise, gets config.toml (as
// understood), log.jsonl, checkpoint.safetensors, samples.sdf, samples.xyz and
// metrics.json.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/cmd/internal/config"
)

func main() {
	autograd.Use32(kernel.BLAS{})
	debug.SetGCPercent(25) // reading data makes garbage, a warm step makes none
	err := run(context.Background(), os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	config  string
	out     string
	resume  bool
	workers int
	seed    uint64
	seeded  bool // -seed was given
	dryRun  bool
}

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("train", flag.ContinueOnError)
	f.SetOutput(w)
	f.StringVar(&o.config, "config", "", "configuration: a TOML file, or a preset: "+strings.Join(config.Presets(), ", ")+" (default tiny)")
	f.StringVar(&o.out, "out", "", "folder of the run (default runs/NAME)")
	f.BoolVar(&o.resume, "resume", false, "go on from the checkpoint in the run's folder")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.Uint64Var(&o.seed, "seed", 0, "seed (default the configuration's)")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the configuration, read the data, take one step in memory, write nothing")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	f.Visit(func(g *flag.Flag) { o.seeded = o.seeded || g.Name == "seed" })
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; a configuration is named with -config", f.Arg(0))
	}
	if o.workers < 1 {
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	}
	return o, nil
}

func run(ctx context.Context, args []string, w io.Writer) error {
	o, err := parseFlags(args, w)
	if err != nil {
		return err
	}
	c, out, err := o.place()
	if err != nil {
		return err
	}
	if o.dryRun {
		fmt.Fprint(w, c, "\n")
	}
	r, err := prepare(c, o.workers, w)
	if err != nil {
		return err
	}
	if o.dryRun {
		return r.dryRun()
	}
	if err := r.open(out, o.resume); err != nil {
		return err
	}
	defer r.close()
	if err := r.trainInterruptibly(ctx); err != nil {
		return err
	}
	return r.finish()
}

// trainInterruptibly saves at the first interrupt. A second one ends the program
// at once, as does any before and after training: the checkpoint is complete.
func (r *trainRun) trainInterruptibly(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return r.train(ctx)
}
