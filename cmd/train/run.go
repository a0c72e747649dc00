package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/model"
	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
)

// trainRun is a run on its way: what it learns from, what it has learned, and the files.
type trainRun struct {
	config  config.Config
	data    []molecule.Molecule
	model   *model.Model
	trainer *flow.Trainer[float32]
	workers int

	dir    string
	log    *os.File // log.jsonl
	screen io.Writer
}

// prepare reads the data and builds the model.
func prepare(c config.Config, workers int, screen io.Writer) (*trainRun, error) {
	r := &trainRun{config: c, workers: workers, screen: screen}
	set, err := load(c.Data.Source)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	r.data = set.Molecules
	if c.Data.Split != "" {
		r.data = set.Split(c.Data.Split)
	}
	if len(r.data) == 0 {
		return nil, fmt.Errorf("data: %s has no molecules of split %q", c.Data.Source, c.Data.Split)
	}
	examples, err := encode(c, r.data)
	if err != nil {
		return nil, err
	}
	if r.model, err = model.New(c, datasets.SizeHistogram(r.data)); err != nil {
		return nil, err
	}
	if r.trainer, err = flow.NewTrainer(c.Settings(workers), r.model.Field, examples, c.Train.EMA); err != nil {
		return nil, err
	}
	r.trainer.Optimizer.WeightDecay = c.Train.WeightDecay
	fmt.Fprintf(screen, "%s: %d molecules of %s, network of %d parameters, %d workers\n",
		c.Name, len(r.data), set.Name, len(r.model.Field.Params().Data), workers)
	return r, nil
}

func load(source string) (*datasets.Set, error) {
	if source == "builtin" {
		return datasets.Builtin()
	}
	return datasets.Load(source)
}

// encode turns molecules into examples of the network's inputs.
func encode(c config.Config, data []molecule.Molecule) ([]flow.Example[float32], error) {
	v, examples := c.Vocabulary(), make([]flow.Example[float32], len(data))
	for i := range data {
		x, h, err := datasets.Encode[float32](v, &data[i])
		if err != nil {
			return nil, fmt.Errorf("data: molecule %d of %s: %w (data.vocabulary = %q)", i+1, c.Data.Source, err, c.Data.Vocabulary)
		}
		examples[i].State = flow.State[float32]{X: x, H: h}
	}
	return examples, nil
}

// open makes the run's folder, or takes up the run in it.
func (r *trainRun) open(dir string, resume bool) error {
	r.dir = dir
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if resume {
		if err := model.Resume(r.path(model.Checkpoint), r.model, r.trainer); err != nil {
			return err
		}
		fmt.Fprintf(r.screen, "resuming after step %d\n", r.model.Step)
	}
	if err := os.WriteFile(r.path("config.toml"), []byte(r.config.String()), 0o666); err != nil {
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
		if err != nil || !decodes(line, &entry) || entry.Step > r.model.Step {
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
