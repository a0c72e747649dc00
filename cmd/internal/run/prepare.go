package run

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/device"
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
	Device   device.Device  // where steps are taken and samples drawn, nil for the processor; set before either

	condition *trained.Condition // of the model, from read on

	clock   Clock
	began   float64            // what the clock said then, s
	earlier float64            // processor time of the run before it was resumed, s
	others  float64            // processor time of the other ranks since they began, s
	data    *[sha256.Size]byte // checksum of the examples, where there are ranks to compare it with
	log     *os.File           // log.jsonl; nil of a rank that does not write
	screen  *screen
	losses  losses
}

// Prepare reads the data and builds the model. From then on the run says on w how
// it goes.
func Prepare(c config.Config, workers int, w io.Writer) (*Run, error) {
	return PrepareAmong(nil, c, workers, w)
}

// PrepareAmong is Prepare at each of some ranks, which share the run out.
func PrepareAmong(ranks parallel.Ranks, c config.Config, workers int, w io.Writer) (*Run, error) {
	before := CPUSeconds()
	set, err := Load(c.Data.Source)
	if err != nil {
		return nil, err
	}
	r, err := prepare(set, ranks, c, workers, CPUSeconds, w)
	if err != nil {
		return nil, err
	}
	r.began = before
	debug.FreeOSMemory() // what the molecules took to read, in text and with all properties
	return r, nil
}

// PrepareOn is Prepare for who has read the data already, as for several runs, and
// says whose processor time they take.
func PrepareOn(set *datasets.Set, c config.Config, workers int, clock Clock, w io.Writer) (*Run, error) {
	return prepare(set, nil, c, workers, clock, w)
}

func prepare(set *datasets.Set, ranks parallel.Ranks, c config.Config, workers int, clock Clock, w io.Writer) (*Run, error) {
	r := &Run{Config: c, Workers: workers, Ranks: ranks, screen: &screen{w: w}, clock: clock, began: clock()}
	name, sizes, err := r.read(set)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
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
	if r.Trainer, err = flow.NewTrainer(settings, r.Model.Field, r.optimizer(), r.Examples); err != nil {
		return nil, err
	}
	each := ""
	if ranks != nil {
		each = fmt.Sprintf(" at each of %d ranks", ranks.Size())
	}
	fmt.Fprintf(r.screen, "%s: %d molecules of %s, network of %d parameters, %d workers%s\n",
		c.Name, len(r.Examples), name, len(r.Model.Field.Params().Data), workers, each)
	return r, nil
}

// optimizer returns the one that the configuration names, for the model.
func (r *Run) optimizer() nn.Optimizer[float32] {
	p, decay := r.Model.Field.Params(), r.Config.Train.WeightDecay
	if r.Config.Train.Optimizer == config.Muon {
		o := nn.NewMuon(p, r.Model.Field.Matrices())
		o.Rest.WeightDecay, o.Poles = decay, r.Config.Train.MuonPoles
		return o
	}
	o := nn.NewAdamW(p)
	o.WeightDecay = decay
	return o
}

// read turns the molecules of the split into examples of the network's inputs,
// and returns the set's name and their sizes.
func (r *Run) read(set *datasets.Set) (name string, sizes datasets.Histogram, err error) {
	data := r.Config.Data
	molecules, valid, err := data.Molecules(set)
	if err != nil {
		return "", sizes, err
	}
	if molecules, valid, err = r.conditioned(molecules, valid); err != nil {
		return "", sizes, err
	}
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

// Load reads the data that a configuration's key data.source names.
func Load(source string) (set *datasets.Set, err error) {
	if source == "builtin" {
		return datasets.Builtin()
	}
	if set, err = datasets.Load(source); err != nil {
		return nil, fmt.Errorf("data: source = %q: %w", source, err)
	}
	return set, nil
}
