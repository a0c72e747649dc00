package checkpoint

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn/safetensors"
)

// State is a training between two steps.
type State struct {
	Model   *trained.Model
	Trainer *flow.Trainer[float32]
	Losses  []float64 // means between the last saves, by which the next is judged
	Data    string    // fingerprint of the molecules that are learned from; "" where it is not known
}

// Save writes the model and, so that training can go on, the trainer's state. It
// refuses numbers that are not finite. Whatever goes wrong, what was at path stays;
// if nothing does, that stays as trained.Previous.
func Save(path string, s *State) error {
	m, tr := s.Model, s.Trainer
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	losses, err := json.Marshal(s.Losses)
	if err != nil {
		return err
	}
	meta["step"], meta["losses"] = strconv.Itoa(tr.Steps), string(losses)
	if s.Data != "" {
		meta["data"] = s.Data
	}
	p := m.Field.Params()
	tensors := p.Named("", p.Data)
	tensors = append(tensors, p.Named("ema.", tr.Average.Data)...)
	tensors = append(tensors, tr.Optimizer.Named(optimizer(m.Config))...)
	tensors = append(tensors, safetensors.New("clip.history", tr.Clipper.History, len(tr.Clipper.History)))
	return publish(path, tensors, meta)
}

// optimizer is what the names of the optimiser's state begin with.
func optimizer(c config.Config) string { return string(c.Train.Optimizer) + "." }

// Was is what a training was before it is gone on with.
type Was struct {
	Config config.Config
	Data   string // as of State
}

// Resume fills the state, but for Data, with the one that Save wrote at path, a file
// or the folder of a run, and returns what it was saved with.
func Resume(path string, s *State) (was Was, err error) {
	f, path, err := trained.OpenFile(path)
	if err != nil {
		return was, err
	}
	defer f.Close()
	old, err := trained.Read(f, path)
	if err != nil {
		return was, err
	}
	m, tr := s.Model, s.Trainer
	was = Was{old.Config, f.Metadata["data"]}
	if !alike(old.Config, m.Config) || old.Config.Train.Optimizer != m.Config.Train.Optimizer {
		return was, fmt.Errorf("%s: its [network], [path], [output], condition.property, train.optimizer or the channels of [data] differ from the configuration", path)
	}
	if s.Losses, err = readLosses(f.Metadata); err != nil {
		return was, fmt.Errorf("%s: %w", path, err)
	}
	p := m.Field.Params()
	if err := p.Load(f, "", p.Data); err != nil {
		return was, err
	}
	copy(tr.Average.Data, old.Average)
	if err := tr.Optimizer.Load(f, optimizer(old.Config), old.Step); err != nil {
		return was, err
	}
	if tr.Clipper.History, err = safetensors.ReadVector[float64](f, "clip.history"); err != nil {
		return was, err
	}
	for _, v := range tr.Clipper.History {
		if !(v >= 0) || math.IsInf(v, 0) {
			return was, fmt.Errorf("%s: a gradient norm of %v in clip.history", path, v)
		}
	}
	m.CPU, m.Step, tr.Steps, tr.Average.Steps = old.CPU, old.Step, old.Step, old.Step
	m.Moments, tr.Output.Moments, m.Condition = old.Moments, old.Moments, old.Condition
	s.learned(old.Theta)
	return was, nil
}

// learned has the model and the trainer go on with a schedule as it was learned.
func (s *State) learned(theta []float64) {
	l, ok := s.Trainer.Path.H.(*schedule.Learned)
	if !ok || theta == nil {
		return
	}
	s.Model.Theta = slices.Clone(theta)
	copy(l.Theta, theta)
	s.Trainer.Redraw()
}

// alike says whether weights mean the same under two configurations.
func alike(a, b config.Config) bool {
	return a.Shape() == b.Shape() && a.Path == b.Path && a.Output == b.Output && a.Condition.Property == b.Condition.Property &&
		a.Data.Vocabulary == b.Data.Vocabulary && a.Data.Channels == b.Data.Channels && a.Data.TypeHeight == b.Data.TypeHeight && a.Data.NumberUnit == b.Data.NumberUnit
}

// readLosses returns the losses at the last saves; older checkpoints have none.
func readLosses(meta map[string]string) (losses []float64, err error) {
	if text, there := meta["losses"]; there {
		if err := json.Unmarshal([]byte(text), &losses); err != nil {
			return nil, fmt.Errorf("metadata key \"losses\": %w", err)
		}
	}
	return losses, nil
}
