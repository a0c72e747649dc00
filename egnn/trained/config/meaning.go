package config

import (
	"math"
	"slices"

	"equifm/datasets"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/molecule"
	"equifm/molecule/bonds"
)

// Vocabulary returns the elements that the network knows and their channels; none as
// long as they are to be those of data that nobody has read.
func (c Config) Vocabulary() datasets.Vocabulary {
	v := datasets.QM9Vocabulary()
	switch c.Data.Vocabulary {
	case QM9:
	case GEOM:
		v = datasets.GEOMVocabulary()
	case Auto:
		return datasets.Vocabulary{Types: true, Height: c.Data.TypeHeight}
	default:
		v.Elements, _ = c.Data.Vocabulary.list() // checked by Check
		v.AtomicNumber = !slices.ContainsFunc(v.Elements, func(e molecule.Element) bool {
			return !slices.Contains(molecule.QM9Elements(), e)
		})
	}
	switch c.Data.Channels {
	case Types:
		v.AtomicNumber = false
	case Number:
		v.Types, v.AtomicNumber = false, true
	case TypesAndNumber:
		v.AtomicNumber = true
	}
	v.Height, v.Unit = c.Data.TypeHeight, c.Data.NumberUnit
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

// Given says whether the network is told what of a molecule is given, in two columns more.
func (t Train) Given() bool { return t.GivenTypes > 0 || t.GivenParts > 0 }

// Told returns how many numbers of an atom say what of it is given: whether its type and
// whether its place, or none.
func (t Train) Told() int {
	if t.Given() {
		return 2
	}
	return 0
}

// Keep returns the molecules whose sizes are in the range.
func (s Sizes) Keep(mols []molecule.Molecule) []molecule.Molecule {
	r, err := datasets.ParseRange(string(s))
	if err != nil { // "", which means all
		return mols
	}
	return r.Keep(mols)
}

// Know returns the configuration for data of these elements: data.vocabulary = "auto"
// becomes their list.
func (c Config) Know(elements []molecule.Element) Config {
	if c.Data.Vocabulary == Auto {
		c.Data.Vocabulary = spell(elements)
	}
	return c
}

// KnowSizes returns the configuration for data of these sizes: network.normalization_factor
// = 0 becomes how many neighbours an atom has on average for one of QM9's 17, and at
// least 1, to two decimals.
//
// Where a model goes on learning, it becomes the model's own, and with larger molecules than that has
// seen as many times it as the power 3/2 of how many neighbours an atom has at most, now for
// then. Sums over the neighbours are what the layers know; of 285 drugs of up to 71 atoms after
// QM9's 29, by a factor of 1 the loss came to 10⁷ in 100 steps, of 1.87 (the mean's) and 2.5
// (the ratio itself) lone batches to 10⁶ and 10³, and of 4 (its power) to none above the first.
func (c Config) KnowSizes(sizes datasets.Histogram) Config {
	if c.Network.NormFactor != 0 {
		return c
	}
	const neighbours = 17
	own, times := 1.0, (sizes.Mean()-1)/neighbours
	if c.From.NormFactor > 0 {
		_, most := sizes.Range()
		own, times = c.From.NormFactor, math.Pow(float64(most-1)/float64(max(c.From.Atoms-1, 1)), 1.5)
	}
	if c.Network.NormFactor = own; times > 1 {
		c.Network.NormFactor = math.Round(100*own*times) / 100
	}
	return c
}

// Spelled returns the configuration with its channels by what they are, where it says
// "published".
func (c Config) Spelled() Config {
	v := c.Vocabulary()
	switch {
	case v.Types && v.AtomicNumber:
		c.Data.Channels = TypesAndNumber
	case v.Types:
		c.Data.Channels = Types
	default:
		c.Data.Channels = Number
	}
	return c
}

// Tuned returns the configuration by which a model of c goes on learning from a set of
// hundreds of molecules: its own, with the training of preset fine-tune, and the elements
// and sizes of the data.
func (c Config) Tuned(source string) Config {
	tune, _, err := Load("fine-tune")
	if err != nil {
		panic(err) // a preset is read by a test
	}
	c = c.Spelled() // for what elements there may be
	c.Data.Source, c.Data.Split, c.Data.Vocabulary, c.Data.Half = source, tune.Data.Split, Auto, Whole
	law, t := c.Train, tune.Train
	t.Optimizer, t.Time, t.TimeMean, t.TimeStd, t.TimePower = law.Optimizer, law.Time, law.TimeMean, law.TimeStd, law.TimePower
	t.Rotate, t.WeightDecay, t.Groups = law.Rotate, law.WeightDecay, law.Groups
	t.GivenTypes, t.GivenParts = law.GivenTypes, law.GivenParts
	c.Train, c.Sample.Number = t, tune.Sample.Number
	c.Network.NormFactor = tune.Network.NormFactor
	return c
}

// Bonds returns the bond lengths by which molecules of the vocabulary are judged: the
// published ones, and for elements that a list names, where there are none, radii.
func (c Config) Bonds() *bonds.Table {
	switch c.Data.Vocabulary {
	case QM9:
		return bonds.QM9()
	case GEOM:
		return bonds.GEOM()
	case Auto:
		return bonds.All()
	}
	return bonds.Of(c.Vocabulary().Elements)
}

// Shape returns the network's shape: section [network] with the widths of what goes
// in and out.
func (c Config) Shape() egnn.Config {
	n := c.Network
	n.Features, n.Context = c.Vocabulary().Features(), c.Condition.Columns()+c.Train.Told()
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
	return eot.Options{Mode: c.EOT.Mode, Restarts: c.EOT.Restarts, Reflections: c.EOT.Reflections, Unsquared: c.EOT.Unsquared,
		Tau: c.EOT.Tolerance, MaxRounds: c.EOT.Rounds}
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
		Given:   flow.Shares{Types: t.GivenTypes, Parts: t.GivenParts},
		Weights: flow.Weights{Angle: l.Angle, Features: l.Features, Pair: l.Pair, PairCutoff: l.PairCutoff, PairUntil: l.PairUntil},
		Times:   times,
		Batch:   t.Batch, Shard: t.Shard, Pairs: t.Balance == Pairs, EMA: t.EMA, Warm: t.EMAWarmup, Seed: c.Seed, Workers: workers,
	}
}
