// Command train trains a network on molecules, samples from it and judges the
// sample.
//
//	go run ./cmd/train                       # two minutes on built-in QM9
//	go run ./cmd/train -config qm9-small
//	go run ./cmd/train -config my.toml -out runs/mine
//	go run ./cmd/train -out runs/mine -resume
//	go run ./cmd/train -from runs/mine -cooldown 2000 -out runs/cool
//	go run ./cmd/train -data mine.sdf               # learn from molecules of one's own
//	go run ./cmd/train -from qm9 -data mine.sdf     # and start at the built-in model's weights
//	go run ./cmd/train -from qm9 -config my.toml
//	go run ./cmd/train -inspect runs/mine           # what its checkpoint holds
//	go run -tags cublas ./cmd/train -device cuda    # on a card of NVIDIA's
//
// The run's folder, runs/NAME unless -out says otherwise, gets config.toml (as
// understood), log.jsonl, checkpoint.safetensors, samples.sdf, samples.xyz,
// metrics.json, and report.html, to look at, with report.csv.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/device"
	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/run"
	"equifm/egnn/trained/config"
	"equifm/nn/parallel"
)

func main() {
	ignorePipe()
	debug.SetGCPercent(25) // reading data makes garbage, a warm step makes none
	ranks.Main("train", func(r parallel.Ranks, stdout, stderr io.Writer) error {
		return trainAmong(r, context.Background(), os.Args[1:], stdout, stderr)
	})
}

// options are the flags.
type options struct {
	run.Request
	workers     int
	device      string
	printConfig bool
	json        bool
	inspect     string
}

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("train", flag.ContinueOnError)
	f.SetOutput(w)
	f.StringVar(&o.Config, "config", "", "configuration: a TOML file, or a preset: "+strings.Join(config.Presets(), ", ")+" (default tiny)")
	f.StringVar(&o.Out, "out", "", "folder of the run (default runs/NAME)")
	f.StringVar(&o.Data, "data", "", "molecules to learn from, in place of the configuration's: a file of XYZ, SDF or GEOM's .npy, or a folder of files")
	f.BoolVar(&o.Resume, "resume", false, "go on from the checkpoint in the run's folder")
	f.BoolVar(&o.AllowChanges, "allow-changes", false, "with -resume: go on though settings or data are not those of the steps so far, and list them")
	f.StringVar(&o.From, "from", "", "model that a new run starts at: a run's folder, a checkpoint, or a built-in model by name; with -cooldown, the run to go on from")
	f.IntVar(&o.Cooldown, "cooldown", 0, "steps from there, over which the learning rate falls to 0; the run it starts from stays as it is")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines; changes the speed, not one bit of the result")
	f.StringVar(&o.device, "device", "cpu", device.Usage)
	f.Uint64Var(&o.Seed, "seed", 0, "seed (default the configuration's)")
	f.Func("set", "key=value in the place of the configuration's, as -set train.lr=1e-3; as often as you like", func(kv string) error {
		o.Set = append(o.Set, kv)
		return nil
	})
	f.BoolVar(&o.printConfig, "print-config", false, "print the configuration as TOML, every key spelled out, and do nothing")
	f.StringVar(&o.inspect, "inspect", "", "say what a checkpoint, a run's folder or another file of weights holds, and do nothing: version, step, configuration, checksums, arrays with shapes and norms")
	f.BoolVar(&o.json, "json", false, "print what the run has come to as one JSON object, and all else on the standard error; .docs/json.md has the fields")
	f.BoolVar(&o.DryRun, "dry-run", false, "print the configuration, read the data, take one step in memory, write nothing")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	f.Visit(func(g *flag.Flag) { o.Seeded = o.Seeded || g.Name == "seed" })
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; a configuration is named with -config", f.Arg(0))
	}
	if o.json && o.printConfig {
		return o, errors.New("-print-config prints TOML, -json prints JSON: expected one of them")
	}
	if o.workers < 1 {
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	}
	return o, nil
}

// train is trainAmong of a process alone.
func train(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return trainAmong(nil, ctx, args, stdout, stderr)
}

// trainAmong is train at each of some ranks. How it goes is said on stderr, what it comes
// to on stdout.
func trainAmong(among parallel.Ranks, ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return exit.Usage{Err: err}
	}
	if o.printConfig {
		return o.print(stdout)
	}
	if o.inspect != "" {
		return o.look(stdout)
	}
	line := progress.New(stderr)
	defer line.End()
	stderr = line
	on, err := device.Open(o.device, among)
	if err != nil {
		return err
	}
	if on != nil {
		defer on.Close()
	}
	text := stdout
	if o.json {
		text = stderr
	}
	c, dir, err := o.Place(stderr)
	if err != nil {
		return err
	}
	if o.DryRun {
		fmt.Fprint(text, c, "\n")
		r, err := run.PrepareAmong(among, c, o.workers, stderr)
		if err != nil {
			return err
		}
		r.Device, r.Out = on, text
		return o.tell(stdout, r, r.DryRun())
	}
	folder, err := run.ClaimAmong(among, dir) // before the data, which may take minutes to read
	if err != nil {
		return err
	}
	defer folder.Release()
	r, err := run.PrepareAmong(among, c, o.workers, stderr)
	if err != nil {
		return err
	}
	r.Device, r.Out, r.Show = on, text, show
	if err := r.Open(folder, o.Request); err != nil {
		return err
	}
	defer r.Close()
	return o.tell(stdout, r, whole(ctx, r, among))
}

// print prints the configuration.
func (o options) print(w io.Writer) error {
	o.DryRun = true
	c, _, err := o.Place(io.Discard)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, c.String())
	return err
}

// look says what a file holds.
func (o options) look(w io.Writer) error {
	c, err := checkpoint.Inspect(o.inspect)
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(w).Encode(c)
	}
	out := bufio.NewWriter(w)
	c.Print(out)
	return out.Flush()
}

// whole takes the steps and the sample. The first of the ranks saves when it is told to
// stop, and ends the others.
func whole(ctx context.Context, r *run.Run, among parallel.Ranks) (err error) {
	if parallel.Leads(among) {
		err = interruptible(ctx, r.Train)
	} else {
		signal.Ignore(stopping...)
		err = r.Train(ctx)
	}
	if stopped := new(run.Stopped); errors.As(err, &stopped) {
		return fmt.Errorf("%w; go on with: go run ./cmd/train -resume -out %s", err, run.Quoted(r.Dir))
	}
	if err != nil {
		return err
	}
	return r.Finish(context.Background())
}

// tell says what a run that ended with err has come to, where that is asked for.
func (o options) tell(w io.Writer, r *run.Run, err error) error {
	if !o.json {
		return err
	}
	return errors.Join(err, json.NewEncoder(w).Encode(r.Result(err)))
}
