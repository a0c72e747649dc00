package trained

import (
	"errors"
	"fmt"
	"runtime"

	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn/parallel"
)

// Options say how to sample. Start from Model.Options.
type Options struct {
	config.Sample // number, solver, steps and the rest of section [sample]

	Seed      uint64
	First     int // molecules that come before: a sample drawn in parts is the sample drawn at once
	Atoms     int // of every molecule; 0 draws sizes as often as the training set has them,
	MostAtoms int // or, unless 0, as often as it has those from Atoms to this

	// Watch is told how molecules come about, unless nil: see flow.Watch. Goroutines call
	// at once.
	Watch func(index int, t float64, m *molecule.Molecule) error

	// Told is told, unless nil, how much more of the sample is done, in molecules, at every
	// evaluation of the network (see Evaluations). Goroutines call at once.
	Told func(molecules float64)

	// Values of the property that every molecule is asked for, in its unit
	// (datasets.Quantity); nil draws them as often as the training set has them. Sizes are
	// drawn to go with them.
	Values []float64

	// Elements are the atoms of every molecule, its formula (molecule.ParseFormula), and
	// Scaffold is a part of it, kept where it lies and as the first atoms, on which the rest
	// is grown; nil for neither. A model can be asked for what it has learned to be told:
	// train.given_types, train.given_parts.
	Elements []molecule.Element
	Scaffold *molecule.Molecule

	Workers int // goroutines; changes the speed, not one bit of the result

	// Ranks are processes that have opened the same model and share the sample out: every
	// one of them gets all of it, to the bit that of a process alone, which is nil.
	Ranks parallel.Ranks

	// Net evaluates the model's network in its stead, such as on a device, Together
	// molecules at once; nil and 0 for the network itself and flow's number.
	Net      flow.Network[float32]
	Together int
}

// Options returns what the model's configuration has, seed 0, and a worker for
// every processor.
func (m *Model) Options() Options {
	return Options{Sample: m.Config.Sample, Workers: runtime.GOMAXPROCS(0)}
}

// Bounds on what is asked of a sampler.
const (
	mostAtoms = 10_000 // of a molecule; the time of a step grows with the square
	mostNFE   = 20_000 // ends an adaptive solver whose tolerance single precision cannot meet
)

// check returns an error that names the first option out of range, or what of
// the model does not go together.
func (m *Model) check(o Options) error {
	c := m.Config
	c.Sample = o.Sample
	if err := c.Check(); err != nil {
		return err
	}
	switch {
	case o.Workers < 1:
		return fmt.Errorf("workers = %d, expected at least 1", o.Workers)
	case o.First < 0:
		return fmt.Errorf("first = %d, expected 0 or more", o.First)
	case o.Atoms < 0 || o.Atoms > mostAtoms:
		return fmt.Errorf("atoms = %d, expected 1 to %d, or 0 for sizes as the training set has them", o.Atoms, mostAtoms)
	case o.MostAtoms != 0 && (o.MostAtoms < max(o.Atoms, 1) || o.MostAtoms > mostAtoms):
		return fmt.Errorf("atoms = %d to %d, expected the smaller number first and at most %d", o.Atoms, o.MostAtoms, mostAtoms)
	case m.Field == nil:
		return errors.New("a model without a network; Open and New return one")
	case m.Field.Config != c.Shape():
		return errors.New("the model's configuration is not that of its network")
	case (m.Condition == nil) != (c.Condition.Property == ""):
		return fmt.Errorf("a model of condition.property = %q, and what is known of the property: %t; expected both or neither", c.Condition.Property, m.Condition != nil)
	case len(m.Average) != len(m.Field.Params().Data):
		return fmt.Errorf("an average of %d numbers for a network of %d parameters", len(m.Average), len(m.Field.Params().Data))
	}
	return m.checkGiven(o)
}
