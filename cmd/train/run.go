package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/model"
	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
)

// trainRun is a run on its way: what it learns from, what it has learned, and the files.
type trainRun struct {
	config   config.Config
	examples []flow.Example[float32]
	valid    []flow.Example[float32] // held out, to see whether what is learned carries over
	model    *model.Model
	trainer  *flow.Trainer[float32]
	workers  int

	dir    string
	log    *os.File // log.jsonl
	screen io.Writer
}

// prepare reads the data and builds the model.
func prepare(c config.Config, workers int, screen io.Writer) (*trainRun, error) {
	r := &trainRun{config: c, workers: workers, screen: screen}
	name, sizes, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	debug.FreeOSMemory() // what the molecules took to read, in text and with all properties
	if r.model, err = model.New(c, sizes); err != nil {
		return nil, err
	}
	if r.trainer, err = flow.NewTrainer(c.Settings(workers), r.model.Field, r.examples, c.Train.EMA); err != nil {
		return nil, err
	}
	r.trainer.Optimizer.WeightDecay = c.Train.WeightDecay
	fmt.Fprintf(screen, "%s: %d molecules of %s, network of %d parameters, %d workers\n",
		c.Name, len(r.examples), name, len(r.model.Field.Params().Data), workers)
	return r, nil
}

// read turns the molecules of the split into examples of the network's inputs,
// and returns the set's name and their sizes.
func (r *trainRun) read() (name string, sizes datasets.Histogram, err error) {
	data := r.config.Data
	set, err := load(data.Source)
	if err != nil {
		return "", sizes, fmt.Errorf("source = %q: %w", data.Source, err)
	}
	molecules := set.Molecules
	if data.Split != "" {
		molecules = set.Split(data.Split)
	}
	if len(molecules) == 0 {
		return "", sizes, fmt.Errorf("%s has no molecules of split %q", data.Source, data.Split)
	}
	if r.examples, err = r.encode(molecules); err != nil {
		return "", sizes, err
	}
	if data.Split == "train" {
		r.valid, err = r.encode(some(set.Split("valid"), mostValid))
	}
	return set.Name, datasets.SizeHistogram(molecules), err
}

// mostValid is how many held-out molecules the loss is taken of at a checkpoint.
const mostValid = 512

// some returns at most n molecules, evenly spread over all.
func some(molecules []molecule.Molecule, n int) (few []molecule.Molecule) {
	n = min(n, len(molecules))
	for i := range n {
		few = append(few, molecules[i*len(molecules)/n])
	}
	return few
}

// encode turns molecules into examples.
func (r *trainRun) encode(molecules []molecule.Molecule) ([]flow.Example[float32], error) {
	v, examples := r.config.Vocabulary(), make([]flow.Example[float32], len(molecules))
	for i := range molecules {
		x, h, err := datasets.Encode[float32](v, &molecules[i])
		if err != nil {
			return nil, fmt.Errorf("molecule %d of %s: %w (data.vocabulary = %q)", i+1, r.config.Data.Source, err, r.config.Data.Vocabulary)
		}
		examples[i].State = flow.State[float32]{X: x, H: h}
	}
	return examples, nil
}

func load(source string) (*datasets.Set, error) {
	if source == "builtin" {
		return datasets.Builtin()
	}
	return datasets.Load(source)
}

// open makes the run's folder, or takes up the run in it.
func (r *trainRun) open(dir string, resume bool) error {
	r.dir = dir
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	fmt.Fprintf(r.screen, "run folder: %s\n", dir)
	if resume {
		was, err := model.Resume(r.path(model.Checkpoint), r.model, r.trainer)
		if err != nil {
			return err
		}
		for _, change := range config.Diff(was, r.config) {
			fmt.Fprintf(r.screen, "note: not as before: %s\n", change)
		}
		fmt.Fprintf(r.screen, "resuming after step %d\n", r.model.Step)
	}
	if err := files.Replace(r.path("config.toml"), func(w io.Writer) error {
		_, err := io.WriteString(w, r.config.String())
		return err
	}); err != nil {
		return err
	}
	return r.openLog()
}

// openLog opens log.jsonl behind its last whole line that is not younger than
// the checkpoint: steps taken again are not logged twice.
func (r *trainRun) openLog() (err error) {
	if r.log, err = os.OpenFile(r.path("log.jsonl"), os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return err
	}
	keep, lines := int64(0), bufio.NewReader(r.log)
	for {
		line, err := lines.ReadString('\n')
		var entry struct{ Step int }
		if err != nil || !decodes(line, &entry) || entry.Step < 1 || entry.Step > r.model.Step {
			break
		}
		keep += int64(len(line))
	}
	if err := r.log.Truncate(keep); err != nil {
		return err
	}
	_, err = r.log.Seek(keep, io.SeekStart)
	return err
}

func (r *trainRun) close() { r.log.Close() }

func (r *trainRun) path(name string) string { return filepath.Join(r.dir, name) }
