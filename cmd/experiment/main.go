// Command experiment runs experiments with trained networks, with error bars.
//
//	go run ./cmd/experiment -list               # which there are, and what they ask
//	go run ./cmd/experiment -quick transport    # minutes, on the built-in sample
//	go run ./cmd/experiment -quick -all
//	go run ./cmd/experiment -data qm9.xyz.gz ladder    # hours, on all of QM9
//	go run ./cmd/experiment -print ladder > mine.toml  # a file to change,
//	go run ./cmd/experiment mine.toml                  # and to run
//	go run ./cmd/experiment diagnose runs/tiny         # where in t a model goes wrong
//
// Results, NAME.md, NAME.csv and NAME.svg, go to the folder -out, runs/experiment
// unless said otherwise; the runs that they are made of into runs in there, where the
// next command finds them. A command that was stopped goes on where it was.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/experiment"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/ranks"
	training "equifm/cmd/internal/run"
)

func main() {
	debug.SetGCPercent(50)
	command, args := run, os.Args[1:]
	if len(args) > 0 && args[0] == "diagnose" {
		command, args = diagnose, args[1:]
	}
	err := exit.Heed(context.Background(), []os.Signal{os.Interrupt, syscall.SIGTERM}, nil, func(ctx context.Context) error {
		return command(ctx, args, os.Stdout, os.Stderr)
	})
	status := exit.Code(err)
	if status != 0 {
		ranks.Complain(os.Stderr, "experiment", err)
	}
	os.Exit(status)
}

// options are the flags.
type options struct {
	list, print, all, quick, json bool
	data, out                     string
	workers                       int
	names                         []string
}

func parseFlags(args []string, w io.Writer) (o options, err error) {
	f := flag.NewFlagSet("experiment", flag.ContinueOnError)
	f.SetOutput(w)
	f.BoolVar(&o.list, "list", false, "list the experiments and what they ask")
	f.BoolVar(&o.print, "print", false, "print an experiment's file")
	f.BoolVar(&o.all, "all", false, "run all experiments of the program")
	f.BoolVar(&o.quick, "quick", false, "minutes, on the built-in sample; so it is without -data")
	f.BoolVar(&o.json, "json", false, "print a JSON object a line for each experiment, and all else on the standard error; .docs/json.md has the fields")
	f.StringVar(&o.data, "data", "", "the long mode: hours, on the molecules of this file, such as qm9.xyz.gz")
	f.StringVar(&o.out, "out", filepath.Join("runs", "experiment"), "folder of results, and of the runs that they are made of")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "runs made side by side, or goroutines of one; changes the speed, not one bit of the result")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.names = f.Args()
	if o.all {
		o.names = append(experiment.Names(), o.names...)
	}
	switch {
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
	return o, nil
}

// run says how experiments go on stderr, and what comes of them on stdout.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return exit.Usage{Err: err}
	}
	if o.list {
		return o.index(stdout)
	}
	var experiments []*experiment.File // read all before running one
	for _, name := range o.names {
		f, err := experiment.Load(name)
		if err != nil {
			return err
		}
		experiments = append(experiments, f)
	}
	if o.print {
		for _, f := range experiments {
			fmt.Fprint(stdout, f.Text())
		}
		return nil
	}
	line := progress.New(stderr)
	defer line.End()
	lab := experiment.NewLab(filepath.Join(o.out, "runs"), o.workers, line)
	for i, f := range experiments {
		outcome, err := lab.Run(ctx, f, experiment.Mode{Data: o.data})
		if ctx.Err() != nil {
			return exit.Cause(ctx, fmt.Errorf("stopped; the same command goes on where it was: go run ./cmd/experiment %s", quoted(args)))
		}
		if err != nil {
			return err
		}
		line.End()
		outcome.Command = o.command(o.names[i])
		if err := o.write(outcome, filepath.Join(o.out, f.Name), stdout); err != nil {
			return err
		}
	}
	return nil
}

// quoted spells arguments as a shell takes them.
func quoted(args []string) string {
	var words []string
	for _, word := range args {
		words = append(words, training.Quoted(word))
	}
	return strings.Join(words, " ")
}

// command is the one that gives an experiment's results.
func (o options) command(name string) string {
	mode := "-quick"
	if o.data != "" {
		mode = "-data " + filepath.Base(o.data)
	}
	return fmt.Sprintf("go run ./cmd/experiment %s %s", mode, name)
}

// index lists the experiments of the program.
func (o options) index(w io.Writer) error {
	for _, name := range experiment.Names() {
		f, err := experiment.Load(name)
		if err != nil {
			return err
		}
		if o.json {
			if err := json.NewEncoder(w).Encode(listed{f.Name, f.Title, f.Question, len(f.Arms), len(f.Seeds)}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%-13s %s %d arms, %d seeds\n", f.Name, f.Title, len(f.Arms), len(f.Seeds))
	}
	return nil
}

// listed is what -list -json prints of an experiment.
type listed struct {
	Experiment string `json:"experiment"`
	Title      string `json:"title"`
	Question   string `json:"question"`
	Arms       int    `json:"arm_count"`
	Seeds      int    `json:"seed_count"`
}

// write writes an outcome's table, numbers and picture, and prints the table or, as JSON,
// the numbers.
func (opts options) write(o *experiment.Outcome, path string, w io.Writer) error {
	for ending, f := range map[string]func(io.Writer) error{
		".md": func(w io.Writer) error { o.Markdown(w); return nil }, ".csv": o.CSV, ".svg": o.SVG,
	} {
		if err := files.Replace(path+ending, f); err != nil {
			return err
		}
	}
	if opts.json {
		return json.NewEncoder(w).Encode(o.Summary(path+".md", path+".csv", path+".svg"))
	}
	fmt.Fprintln(w)
	o.Markdown(w)
	_, err := fmt.Fprintf(w, "%s.md, .csv and .svg have the results\n\n", path)
	return err
}
