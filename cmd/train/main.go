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
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/device"
	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/run"
	"equifm/nn/parallel"
)

func main() {
	ignorePipe()
	debug.SetGCPercent(25) // reading data makes garbage, a warm step makes none
	ranks.Main("train", func(r parallel.Ranks, stdout, stderr io.Writer) error {
		return trainAmong(r, context.Background(), os.Args[1:], stdout, stderr)
	})
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

// whole takes the steps and the sample. The first of the ranks keeps what there is when it
// is told to stop, and ends the others.
func whole(ctx context.Context, r *run.Run, among parallel.Ranks) (err error) {
	heed := func(f func(context.Context) error) error { return interruptible(ctx, f) }
	if !parallel.Leads(among) {
		signal.Ignore(stopping...)
		heed = func(f func(context.Context) error) error { return f(ctx) }
	}
	err = heed(r.Train)
	if stopped := new(run.Stopped); errors.As(err, &stopped) {
		return fmt.Errorf("%w; go on with: go run ./cmd/train -resume -out %s", err, run.Quoted(r.Dir))
	}
	if err != nil {
		return err
	}
	return heed(r.Finish)
}

// tell says what a run that ended with err has come to, where that is asked for.
func (o options) tell(w io.Writer, r *run.Run, err error) error {
	if !o.json {
		return err
	}
	return errors.Join(err, json.NewEncoder(w).Encode(r.Result(err)))
}
