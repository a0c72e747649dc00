package checkpoint

import (
	"fmt"
	"slices"

	"equifm/cmd/internal/exit"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/molecule"
)

// Taken is what a training has taken over from a model that it starts at.
type Taken struct {
	Model           *trained.Model
	Kept, New, Left []molecule.Element // in both; of the training alone; of the model alone
	Told            bool               // the network is told what is given, and the model's was not
}

// Start has a new training begin at the averaged weights of another model, opened
// by name: the network, its average and the moments that its output is meant by.
// The elements of the two may differ: what belongs to an element goes with it, and a new
// one begins at zero. The optimiser and the count of steps are new.
func Start(name string, s *State) (taken Taken, err error) {
	old, err := trained.Open(name)
	if err != nil {
		return taken, err
	}
	m, tr := s.Model, s.Trainer
	if a, b := unnamed(old.Config), unnamed(m.Config); !alike(a, b) {
		return taken, exit.Usage{Err: fmt.Errorf("%s: its [network], [path], [output], condition.property or the channels of [data] differ from the configuration", name)}
	}
	was, is := old.Config.Vocabulary(), m.Config.Vocabulary()
	if err := m.Field.Adopt(old.Field, old.Average, columns(was, is), context(old.Config, m.Config)); err != nil {
		return taken, fmt.Errorf("%s: %w", name, err)
	}
	copy(tr.Average.Data, m.Field.Params().Data)
	m.Moments, tr.Output.Moments = old.Moments, old.Moments
	s.learned(old.Theta)
	taken.Model, taken.Told = old, m.Config.Train.Given() && !old.Config.Train.Given()
	for _, e := range is.Elements {
		if slices.Contains(was.Elements, e) {
			taken.Kept = append(taken.Kept, e)
		} else {
			taken.New = append(taken.New, e)
		}
	}
	for _, e := range was.Elements {
		if !slices.Contains(is.Elements, e) {
			taken.Left = append(taken.Left, e)
		}
	}
	return taken, nil
}

// unnamed is a configuration without the elements that it names, without what molecules
// are shown with and what sums over neighbours are divided by, and with its channels spelled
// out: what of it has to be alike where those need not be.
func unnamed(c config.Config) config.Config {
	c.Data.Channels = c.Spelled().Data.Channels
	c.Data.Vocabulary = config.QM9
	c.Train.GivenTypes, c.Train.GivenParts, c.Train.Groups = 0, 0, 0
	c.Network.NormFactor = 1
	return c
}

// context says for every column of context which one of another model's it is, or -1:
// those of what is given are the last, and new or left behind where one alone has them.
func context(was, is config.Config) (columns []int) {
	for k := range is.Condition.Columns() {
		columns = append(columns, k)
	}
	for k := range is.Train.Told() {
		if was.Train.Given() {
			columns = append(columns, was.Condition.Columns()+k)
		} else {
			columns = append(columns, -1)
		}
	}
	return columns
}

// columns says for every feature of a vocabulary which one of another it is, or -1.
func columns(was, is datasets.Vocabulary) (columns []int) {
	if is.Types {
		for _, e := range is.Elements {
			columns = append(columns, slices.Index(was.Elements, e))
		}
	}
	if is.AtomicNumber {
		columns = append(columns, was.Features()-1)
	}
	return columns
}
