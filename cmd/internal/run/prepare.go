package run

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"equifm/cmd/internal/checkpoint"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn"
)

// Run is a training on its way: what it learns from, what it has learned, and the files.
type Run struct {
	checkpoint.State
	Config   config.Config
	Examples []flow.Example[float32]
	Valid    []flow.Example[float32] // held out, to see whether what is learned carries over
	Workers  int
	Dir      string // the run's folder, from Open on

	source *streamed // of a set that stays in its file, of which Examples are some; else nil

	condition *trained.Condition // of the model, from read on

	clock  Clock
	cpu    float64  // processor time of the run before Prepare, less what the clock said then, s
	log    *os.File // log.jsonl
	screen *screen
	losses losses
}

// Prepare reads the data and builds the model. From then on the run says on w how
// it goes.
func Prepare(c config.Config, workers int, w io.Writer) (*Run, error) {
	before := CPUSeconds()
	set, err := Load(c.Data)
	if err != nil {
		return nil, err
	}
	r, err := PrepareOn(set, c, workers, CPUSeconds, w)
	if err != nil {
		return nil, err
	}
	r.cpu = -before
	debug.FreeOSMemory() // what the molecules took to read, in text and with all properties
	return r, nil
}

// PrepareOn is Prepare for who has read the data already, as for several runs, and
// says whose processor time they take.
func PrepareOn(set *datasets.Set, c config.Config, workers int, clock Clock, w io.Writer) (*Run, error) {
	r := &Run{Config: c, Workers: workers, screen: &screen{w: w}, clock: clock, cpu: -clock()}
	name, sizes, err := r.read(set)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
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
	if r.Trainer, err = r.trainer(c.Settings(moments, workers)); err != nil {
		return nil, err
	}
	fmt.Fprintf(r.screen, "%s: %d molecules of %s, network of %d parameters, %d workers\n",
		c.Name, r.count(), name, len(r.Model.Field.Params().Data), workers)
	return r, nil
}

// optimizer returns the one that the configuration names, for the model.
func (r *Run) optimizer() nn.Optimizer[float32] {
	p, decay := r.Model.Field.Params(), r.Config.Train.WeightDecay
	if r.Config.Train.Optimizer == config.Muon {
		o := nn.NewMuon(p, r.Model.Field.Matrices())
		o.Rest.WeightDecay, o.Rest.Plain = decay, !r.Config.Train.AMSGrad
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
		return nil, fmt.Errorf("data: source = %q: %w", d.Source, err)
	}
	set.HoldOut()
	return set, nil
}
