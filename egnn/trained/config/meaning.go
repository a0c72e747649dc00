package config

import (
	"equifm/datasets"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/molecule"
	"equifm/molecule/bonds"
)

// Vocabulary returns the elements that the network knows and their channels.
func (c Config) Vocabulary() datasets.Vocabulary {
	v := datasets.QM9Vocabulary()
	if c.Data.Vocabulary == GEOM {
		v = datasets.GEOMVocabulary()
	}
	switch c.Data.Channels {
	case Types:
		v.AtomicNumber = false
	case Number:
		v.Types, v.AtomicNumber = false, true
	case TypesAndNumber:
		v.AtomicNumber = true
	}
	v.Height = c.Data.TypeHeight
	return v
}

// Quantity returns the property that molecules are made by; ok is false where there is
// none.
func (c Condition) Quantity() (q datasets.Quantity, ok bool) {
	q, err := datasets.QuantityOf(string(c.Property))
	return q, err == nil
}

// Columns returns how many numbers of an atom say what the property is: none, its value,
// or that and a 1, where zeros say that it is not told.
func (c Condition) Columns() int {
	switch {
	case c.Property == "":
		return 0
	case c.Drop == 0:
		return 1
	}
	return 2
}

// Keep returns the molecules whose sizes are in the range.
func (s Sizes) Keep(mols []molecule.Molecule) []molecule.Molecule {
	r, err := datasets.ParseRange(string(s))
	if err != nil { // "", which means all
		return mols
	}
	return r.Keep(mols)
}

// Bonds returns the bond lengths by which molecules of the vocabulary are judged.
func (c Config) Bonds() *bonds.Table {
	if c.Data.Vocabulary == GEOM {
		return bonds.GEOM()
	}
	return bonds.QM9()
}

// Shape returns the network's shape: section [network] with the widths of what goes
// in and out.
func (c Config) Shape() egnn.Config {
	n := c.Network
	n.Features, n.Context = c.Vocabulary().Features(), c.Condition.Columns()
	if c.Train.Groups > 1 {
		n.Groups = c.Train.Groups
	}
	return n
}

// FlowPath returns the probability path.
func (c Config) FlowPath() flow.Path {
	path, _ := flow.ParsePath(string(c.Path.X), string(c.Path.H)) // checked by Check
	if c.Path.Prior != 1 {
		path.X = schedule.Wide{Schedule: path.X, Width: c.Path.Prior}
	}
	if c.Path.Z != "" {
		path.Z, _ = schedule.Parse(string(c.Path.Z))
	}
	return path
}

// FlowOutput returns what the network's numbers stand for; the moments are the
// training set's.
func (c Config) FlowOutput(m flow.Moments) flow.Output {
	return flow.Output{X: c.Output.X, H: c.Output.H, Moments: m, Types: len(c.Vocabulary().Elements), Scale: c.Data.TypeHeight}
}

// Align returns the options of the transport.
func (c Config) Align() eot.Options {
	return eot.Options{Mode: c.EOT.Mode, Restarts: c.EOT.Restarts, Reflections: c.EOT.Reflections, Unsquared: c.EOT.Unsquared}
}

// Noisy says whether molecules are sampled with noise on the way.
func (s Sample) Noisy() bool {
	switch s.Solver {
	case flow.Stochastic, flow.Ancestral:
		return true
	case flow.DPM:
		return s.Eta > 0
	case flow.Karras:
		return s.Churn > 1
	}
	return false
}

// Settings returns the training's settings for the trainer.
func (c Config) Settings(m flow.Moments, workers int) flow.Settings {
	t, l := c.Train, c.Loss
	times := flow.TimeLaw{Kind: t.Time, Mean: t.TimeMean, Std: t.TimeStd, Power: t.TimePower}
	if t.Time == flow.LogNormal {
		times.Of = c.FlowPath().X
	}
	return flow.Settings{
		Path: c.FlowPath(), Output: c.FlowOutput(m), Align: c.Align(), Rotate: t.Rotate, Drop: c.Condition.Drop,
		Weights: flow.Weights{Angle: l.Angle, Features: l.Features, Pair: l.Pair, PairCutoff: l.PairCutoff, PairUntil: l.PairUntil},
		Times:   times,
		Batch:   t.Batch, Shard: t.Shard, EMA: t.EMA, Warm: t.EMAWarmup, Seed: c.Seed, Workers: workers,
	}
}
