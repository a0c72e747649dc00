package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"

	"equifm/cmd/internal/device"
	"equifm/cmd/internal/run"
	"equifm/cmd/internal/usage"
	"equifm/egnn/trained/config"
)

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
	o.define(f)
	help.On(f, w)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	said, err := usage.Read(f)
	o.Seeded = said["seed"]
	switch {
	case err != nil:
		return o, err
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; a configuration is named with -config", f.Arg(0))
	case o.json && o.printConfig:
		return o, errors.New("-print-config prints TOML, -json prints JSON: expected one of them")
	case o.workers < 1:
		return o, fmt.Errorf("-workers %d, expected at least 1", o.workers)
	case said["cooldown"] && o.Cooldown < 1:
		return o, fmt.Errorf("-cooldown %d, expected at least 1", o.Cooldown)
	}
	// -print-config and -dry-run stand behind a command to see what it would do: what
	// changes nothing of that is as it was.
	return o, said.Check(
		usage.Idle{Flags: usage.Others(f, "inspect", "json"), If: o.inspect != "", Where: "with -inspect"},
		usage.Idle{Flags: []string{"dry-run"}, If: o.printConfig, Where: "with -print-config"},
		usage.Idle{Flags: []string{"allow-changes"}, If: !o.Resume && o.Cooldown == 0, Where: "without -resume or -cooldown"},
	)
}

// define has a set of flags fill the options.
func (o *options) define(f *flag.FlagSet) {
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
}

// help is the command's page.
var help = usage.Page{
	Command: "train",
	What: "Train trains a network on molecules, samples from it and judges the sample. The run's folder gets\n" +
		"report.html to look at, report.csv, samples.sdf, .xyz and .svg, metrics.json, log.jsonl, config.toml and\n" +
		"checkpoint.safetensors. A run may be killed at any moment and goes on with -resume. Presets and what they\n" +
		"cost are in README.md.",
	Groups: []usage.Group{
		{Title: "What is learned, and how", Flags: []string{"config", "data", "set", "seed"}, Examples: []string{
			"-config qm9-small -set train.steps=2000 -seed 7",
			"-data mine.sdf  # molecules of one's own, by preset tiny",
			"-config my.toml",
		}},
		{Title: "Where it starts, and where it goes", Flags: []string{"from", "cooldown", "out", "resume", "allow-changes"}, Examples: []string{
			"-from qm9 -data mine.sdf -out runs/tuned  # at the weights of the built-in model",
			"-resume -out runs/mine",
			"-resume -out runs/mine -set train.lr=1e-4 -allow-changes",
			"-from runs/mine -cooldown 100 -out runs/cool",
		}},
		{Title: "Looking first, and afterwards", Flags: []string{"dry-run", "print-config", "inspect", "json"}, Examples: []string{
			"-data mine.sdf -dry-run -json",
			"-config qm9 -print-config",
			"-inspect runs/mine",
		}},
		{Title: "The machine", Flags: []string{"workers", "device"}, Examples: []string{
			"-data mine.sdf -workers 2 -device cpu",
		}},
	},
}
