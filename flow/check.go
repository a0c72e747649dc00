package flow

import (
	"cmp"
	"errors"
	"fmt"

	"equifm/autograd"
)

// check returns an error that names the first setting out of range, for examples
// with so many features an atom.
func (s *Settings) check(features int) error {
	switch {
	case s.Batch < 1 || s.Shard < 1 || s.Workers < 1:
		return fmt.Errorf("flow: batch %d, shard %d, workers %d: expected at least 1 each", s.Batch, s.Shard, s.Workers)
	case !(s.EMA >= 0 && s.EMA < 1):
		return fmt.Errorf("flow: an average that keeps %v, expected 0 to less than 1", s.EMA)
	case !(s.Drop >= 0 && s.Drop < 1):
		return fmt.Errorf("flow: a context that is left out with probability %v, expected 0 to less than 1", s.Drop)
	case s.Times.Kind == PowerLaw && !(s.Times.Power > -1):
		return fmt.Errorf("flow: a density of t ∝ t^%v, expected a power above -1", s.Times.Power)
	}
	return cmp.Or(s.Path.check(), s.Output.check(features))
}

// checkNetwork returns an error for a network that is none.
func checkNetwork[T autograd.Float](net Network[T]) error {
	if net == nil || net.Params() == nil {
		return errors.New("flow: no network, or one without parameters")
	}
	return nil
}

// check returns an error that names the first of the examples that is not as wide
// as those that the trainer has.
func (tr *Trainer[T]) check(examples []Example[T], set string) error {
	if len(examples) == 0 {
		return fmt.Errorf("flow: the %s is empty", set)
	}
	for k := range examples {
		e := &examples[k]
		if n := e.Atoms(); n < 1 || len(e.X) != 3*n || len(e.H) != n*tr.features || len(e.Context) != tr.context {
			return fmt.Errorf("flow: molecule %d of the %s: %d coordinates, %d features and %d context values; expected an atom or more, of 3 and %d each, and %d",
				k+1, set, len(e.X), len(e.H), len(e.Context), tr.features, tr.context)
		}
	}
	return nil
}
