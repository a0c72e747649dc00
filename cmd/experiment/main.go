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
	"fmt"
	"io"
	"os"
	"path/filepath"
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
			if _, err := fmt.Fprint(stdout, f.Text()); err != nil {
				return err
			}
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
		mode = "-data " + training.Quoted(filepath.Base(o.data))
	}
	return fmt.Sprintf("go run ./cmd/experiment %s %s", mode, training.Quoted(name))
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
		if _, err := fmt.Fprintf(w, "%-13s %s %d arms, %d seeds\n", f.Name, f.Title, len(f.Arms), len(f.Seeds)); err != nil {
			return err
		}
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
