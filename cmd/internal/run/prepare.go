package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strings"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/device"
	"equifm/cmd/internal/fetch"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/report"
	"equifm/cmd/internal/run/cputime"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn"
	"equifm/nn/parallel"
)

// Run is a training on its way: what it learns from, what it has learned, and the files.
type Run struct {
	checkpoint.State
	Config   config.Config
	Examples []flow.Example[float32]
	Valid    []flow.Example[float32] // held out, to see whether what is learned carries over
	Workers  int
	Ranks    parallel.Ranks // processes that share the run out, each with a Run of the same configuration; nil for this one alone
	Dir      string         // the run's folder, from Open on
	Out      io.Writer      // of what the run comes to, nil for where it says how it goes
	Device   device.Device  // where steps are taken and samples drawn, nil for the processor; set before either

	Show func(context.Context, *Run, *Outcome) error // writes report.html of the outcome, nil for none

	source *streamed // of a set that stays in its file, of which Examples are some; else nil

	condition *trained.Condition // of the model, from read on

	clock   cputime.Clock
	began   float64    // what the clock said then, s
	earlier float64    // processor time of the run before it was resumed, s
	others  float64    // processor time of the other ranks since they began, s
	log     *files.Log // log.jsonl; nil of a rank that does not write
	screen  *screen
	line    *progress.Line // that screen writes to
	losses  losses

	last    *entry         // said, nil before the first
	worth   *report.Report // of the sample, nil before that is there
	shown   bool           // the report is written
	perStep float64        // s, of a dry run
}

// Prepare reads the data and builds the model. From then on the run says on w how
// it goes.
func Prepare(c config.Config, workers int, w io.Writer) (*Run, error) {
	return PrepareAmong(nil, c, workers, w)
}

// PrepareAmong is Prepare at each of some ranks, which share the run out.
func PrepareAmong(ranks parallel.Ranks, c config.Config, workers int, w io.Writer) (*Run, error) {
	before := cputime.OfProcess()
	data := c.Data
	var err error
	data.Source, err = here(c.Data, w)
	if err != nil {
		return nil, err
	}
	line := progress.On(w)
	line.Begin("reading "+data.Source, "", 0, 0)
	set, err := Load(data)
	line.End()
	if err != nil {
		return nil, err
	}
	r, err := prepare(set, ranks, c, workers, cputime.OfProcess, w)
	if err != nil {
		return nil, err
	}
	r.began = before
	debug.FreeOSMemory() // what the molecules took to read, in text and with all properties
	return r, nil
}

// PrepareOn is Prepare for who has read the data already, as for several runs, and
// says whose processor time they take.
func PrepareOn(set *datasets.Set, c config.Config, workers int, clock cputime.Clock, w io.Writer) (*Run, error) {
	return prepare(set, nil, c, workers, clock, w)
}

func prepare(set *datasets.Set, ranks parallel.Ranks, c config.Config, workers int, clock cputime.Clock, w io.Writer) (*Run, error) {
	line := progress.On(w)
	r := &Run{Config: c, Workers: workers, Ranks: ranks, screen: &screen{w: line}, line: line, clock: clock, began: clock()}
	name, sizes, err := r.read(set)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	r.knowSizes(sizes)
	if err := r.room(sizes); err != nil {
		return nil, err
	}
	if warning := suited(r.Config, sizes); warning != "" {
		fmt.Fprintf(r.screen, "WARNING: %s\n", warning)
	}
	c = r.Config // its elements are known now
	var moments flow.Moments
	if c.FlowOutput(moments).Measured() {
		if moments, err = flow.MeasureMoments(r.Examples, c.Align(), c.Seed); err != nil {
			return nil, err
		}
	}
	if c.Output.H == flow.FeaturePreconditioned {
		moments.Features = flow.MeasureFeatures(r.Examples)
	}
	if r.Model, err = trained.New(c, sizes, moments); err != nil {
		return nil, err
	}
	r.Model.Condition = r.condition
	settings := c.Settings(moments, workers)
	settings.Ranks = ranks
	if r.Trainer, err = r.trainer(settings); err != nil {
		return nil, err
	}
	each := ""
	if ranks != nil {
		each = fmt.Sprintf(" at each of %d ranks", ranks.Size())
	}
	fmt.Fprintf(r.screen, "%s: %d molecules of %s, network of %d parameters, %d workers%s\n",
		c.Name, r.count(), name, len(r.Model.Field.Params().Data), workers, each)
	return r, nil
}

// optimizer returns the one that the configuration names, for the model.
func (r *Run) optimizer() nn.Optimizer[float32] {
	p, decay := r.Model.Field.Params(), r.Config.Train.WeightDecay
	if r.Config.Train.Optimizer == config.Muon {
		o := nn.NewMuon(p, r.Model.Field.Matrices())
		o.Poles, o.Rest.WeightDecay, o.Rest.Plain = r.Config.Train.MuonPoles, decay, !r.Config.Train.AMSGrad
		return o
	}
	o := nn.NewAdamW(p)
	o.WeightDecay, o.Plain = decay, !r.Config.Train.AMSGrad
	return o
}

// read turns the molecules of the split into examples of the network's inputs,
// and returns the set's name and their sizes.
func (r *Run) read(set *datasets.Set) (name string, sizes datasets.Histogram, err error) {
	if set.Stream != nil {
		return r.readStream(set)
	}
	data := r.Config.Data
	if data.Split == "train" && set.Held > 0 {
		fmt.Fprintf(r.screen, "%s says nothing of splits: %d of its %d molecules are held out, to see whether what is learned carries over\n", set.Name, set.Held, set.Len())
	}
	molecules, valid, err := data.Molecules(set)
	if err != nil {
		return "", sizes, err
	}
	if data.Split == "" && set.Held > 0 {
		valid = nil // they are among what is learned
	}
	if molecules, valid, err = r.conditioned(molecules, valid); err != nil {
		return "", sizes, err
	}
	r.know(molecules, valid)
	if r.Examples, err = r.encode(molecules); err != nil {
		return "", sizes, err
	}
	if data.Split == "train" {
		r.Valid, err = r.encode(some(valid, mostValid))
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

// HeldOut returns at most n molecules of a set's validation split as examples of a
// model's inputs, evenly spread over all.
func HeldOut(set *datasets.Set, m *trained.Model, n int) ([]flow.Example[float32], error) {
	r := &Run{Config: m.Config, condition: m.Condition}
	_, valid, err := m.Config.Data.Molecules(set)
	if err != nil {
		return nil, err
	}
	if q, ok := m.Config.Condition.Quantity(); ok && len(valid) > 0 {
		if valid, _, err = q.Known(valid); err != nil {
			return nil, err
		}
	}
	return r.encode(some(valid, n))
}

// encode turns molecules into examples.
func (r *Run) encode(molecules []molecule.Molecule) ([]flow.Example[float32], error) {
	v, examples := r.Config.Vocabulary(), make([]flow.Example[float32], len(molecules))
	for i := range molecules {
		x, h, err := datasets.Encode[float32](v, &molecules[i])
		if err != nil {
			return nil, fmt.Errorf("molecule %d of %s: %w (data.vocabulary = %q)", i+1, r.Config.Data.Source, err, r.Config.Data.Vocabulary)
		}
		examples[i].State = flow.State[float32]{X: x, H: h}
		if examples[i].Context, err = r.context(&molecules[i]); err != nil {
			return nil, fmt.Errorf("molecule %d of %s: %w", i+1, r.Config.Data.Source, err)
		}
	}
	return examples, nil
}

// here returns the path of the data, which are fetched if they are QM9 and not here.
func here(data config.Data, w io.Writer) (path string, err error) {
	if data.Source != "qm9" {
		return data.Source, nil
	}
	if path, err = fetch.QM9(context.Background(), data.Address, data.SHA256, w); err != nil {
		return "", fmt.Errorf("data: source = \"qm9\": %w", err)
	}
	return path, nil
}

// Load reads the data that a configuration's key data.source names; of a set without
// splits some molecules are held out.
func Load(d config.Data) (set *datasets.Set, err error) {
	switch {
	case d.Source == "builtin":
		return datasets.Builtin()
	case strings.HasSuffix(d.Source, ".npy") && d.SplitBy == config.Conformer:
		set, err = datasets.LoadConformers(d.Source, datasets.ByConformer)
	default:
		set, err = datasets.Load(d.Source)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(filepath.Base(d.Source), "qm9") {
			err = fmt.Errorf("%w: put the file there, or have QM9 fetched from %s, 86 MB, by data.source = \"qm9\"", err, config.QM9Address)
		}
		return nil, fmt.Errorf("data: source = %q: %w", d.Source, err)
	}
	set.HoldOut()
	return set, nil
}
