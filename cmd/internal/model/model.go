// Package model is a trained network together with what it takes to use it:
// configuration, vocabulary and the sizes of the molecules it learned from. It
// is what a checkpoint holds.
package model

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"equifm/datasets"
	"equifm/egnn"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn"
)

// Checkpoint is the file of a run's model, in its folder.
const Checkpoint = "checkpoint.safetensors"

// formatVersion changes when older programs could not read a new checkpoint.
//
//	1  the key path.angle, no output, loss.pair or moments
//	2  moments; the optimiser's state under its own name
const formatVersion = "2"

// Model is what samples are drawn from.
type Model struct {
	Config  config.Config
	Field   *egnn.Field[float32]
	Average []float32 // of the parameters over the steps; what samples are drawn with
	Sizes   datasets.Histogram
	Moments flow.Moments // of the training set and its transport, Å²; 0 where the output needs none
	Step    int
	CPU     float64   // processor time that the training has taken, s
	Losses  []float64 // means between the last saves, by which the next is judged
}

// New returns an untrained model, its parameters drawn with the seed.
func New(c config.Config, sizes datasets.Histogram, moments flow.Moments) (*Model, error) {
	field, err := egnn.New[float32](c.Field())
	if err != nil {
		return nil, err
	}
	field.Init(rand.New(rand.NewPCG(c.Seed, 0)))
	return &Model{Config: c, Field: field, Average: field.Params().Data, Sizes: sizes, Moments: moments}, nil
}

// mostNFE ends an adaptive solver whose tolerance single precision cannot meet.
const mostNFE = 20_000

// Sampler returns a sampler of the model by its configuration.
func (m *Model) Sampler(seed uint64, workers int) (*flow.Sampler[float32], error) {
	s := m.Config.Sample
	solver, err := flow.ParseSolver(s.Solver)
	if err != nil {
		return nil, err
	}
	control := flow.Control{RTol: s.RTol, ATol: s.ATol}
	if solver == flow.Dopri5 {
		control.MaxNFE = mostNFE
	}
	return &flow.Sampler[float32]{Net: m.Field, Params: m.Average, Path: m.Config.FlowPath(), Output: m.Config.FlowOutput(m.Moments),
		Solver: solver, Control: control, Eta: s.Eta, Churn: flow.Churn{Factor: s.Churn, From: s.ChurnFrom, To: s.ChurnTo}, Steps: s.Steps, Grid: s.Grid, End: s.End,
		Features: m.Field.Features, Shard: m.Config.Train.Shard, Seed: seed, Workers: workers}, nil
}

// Generate draws n molecules, their sizes from those of the training set. The
// same seed gives the same molecules for any number of workers, and molecule i
// of a large sample is that of a small one.
func (m *Model) Generate(n int, seed uint64, workers int) ([]*molecule.Molecule, flow.Stats, error) {
	sampler, err := m.Sampler(seed, workers)
	if err != nil {
		return nil, flow.Stats{}, err
	}
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = m.Sizes.Sample(flow.SizeRand(seed, i))
	}
	states, stats, err := sampler.Sample(sizes, nil)
	if err != nil {
		return nil, stats, err
	}
	molecules := make([]*molecule.Molecule, n)
	for i, s := range states {
		molecules[i] = datasets.Decode(m.Config.Vocabulary(), s.X, s.H)
		molecules[i].Name = fmt.Sprintf("%s-%d", m.Config.Name, i+1)
	}
	return molecules, stats, nil
}

// Save writes the model and, so that training can go on, the trainer's state. It
// refuses numbers that are not finite. Whatever goes wrong, what was at path stays;
// if nothing does, that stays as Previous.
func Save(path string, m *Model, tr *flow.Trainer[float32]) error {
	sizes, err := json.Marshal(m.Sizes)
	if err != nil {
		return err
	}
	moments, err := json.Marshal(m.Moments)
	if err != nil {
		return err
	}
	losses, err := json.Marshal(m.Losses)
	if err != nil {
		return err
	}
	p := m.Field.Params()
	tensors := p.Named("", p.Data)
	tensors = append(tensors, p.Named("ema.", tr.Average.Data)...)
	tensors = append(tensors, tr.Optimizer.Named(string(m.Config.Train.Optimizer)+".")...)
	tensors = append(tensors, nn.Named("clip.history", tr.Clipper.History, len(tr.Clipper.History)))
	return publish(path, tensors, map[string]string{
		"format": "equifm", "version": formatVersion, "config": m.Config.String(), "step": strconv.Itoa(tr.Steps),
		"vocabulary": vocabulary(m.Config), "sizes": string(sizes), "moments": string(moments), "losses": string(losses),
		"cpu_seconds": strconv.FormatFloat(m.CPU, 'f', 1, 64),
	})
}

// Load reads a model from a checkpoint or from the folder of a run.
func Load(path string) (*Model, error) {
	f, m, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m.Average = make([]float32, len(m.Field.Params().Data))
	return m, m.Field.Params().Load(f, "ema.", m.Average)
}

// Resume fills the trainer of m with the state that Save wrote at path, and
// returns the configuration it was saved with.
func Resume(path string, m *Model, tr *flow.Trainer[float32]) (was config.Config, err error) {
	f, old, err := open(path)
	if err != nil {
		return was, err
	}
	defer f.Close()
	was = old.Config
	if was.Network != m.Config.Network || was.Path != m.Config.Path || was.Output != m.Config.Output ||
		vocabulary(was) != vocabulary(m.Config) || was.Train.Optimizer != m.Config.Train.Optimizer {
		return was, fmt.Errorf("%s: its [network], [path], [output], train.optimizer or the channels of [data] differ from the configuration", path)
	}
	p := m.Field.Params()
	if err := p.Load(f, "", p.Data); err != nil {
		return was, err
	}
	if err := p.Load(f, "ema.", tr.Average.Data); err != nil {
		return was, err
	}
	if err := tr.Optimizer.Load(f, string(was.Train.Optimizer)+".", old.Step); err != nil {
		return was, err
	}
	if tr.Clipper.History, err = nn.ReadVector[float64](f, "clip.history"); err != nil {
		return was, err
	}
	for _, v := range tr.Clipper.History {
		if !(v >= 0) || math.IsInf(v, 0) {
			return was, fmt.Errorf("%s: a gradient norm of %v in clip.history", path, v)
		}
	}
	m.Losses, m.CPU = old.Losses, old.CPU
	m.Step, tr.Steps, tr.Average.Steps = old.Step, old.Step, old.Step
	m.Moments, tr.Output.Moments = old.Moments, old.Moments
	return was, nil
}

// open reads what a checkpoint says of itself; the parameters are not read yet.
func open(path string) (*nn.File, *Model, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, Checkpoint)
	}
	f, err := nn.OpenFile(path)
	if err != nil {
		if _, there := os.Stat(Previous(path)); there == nil {
			err = fmt.Errorf("%w; the checkpoint before it is %s", err, Previous(path))
		}
		return nil, nil, err
	}
	m, err := describe(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, m, nil
}
