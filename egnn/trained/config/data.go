package config

import (
	"fmt"

	"equifm/datasets"
	"equifm/molecule"
)

// Molecules returns the molecules of a set to learn from, and those of split "valid"
// that are like them.
func (d Data) Molecules(set *datasets.Set) (learn, valid []molecule.Molecule, err error) {
	learn, valid = set.Molecules, set.Split("valid")
	if d.Split != "" {
		learn = set.Split(d.Split)
	}
	switch first, second := set.Halves(); d.Half {
	case First:
		learn = first
	case Second:
		learn = second
	}
	if q, err := datasets.QuantityOf(string(d.Tenth)); err == nil {
		var least float64
		if learn, least, err = q.Highest(learn, 0.1); err != nil {
			return nil, nil, fmt.Errorf("%s: %w (data.tenth)", d.Source, err)
		}
		if valid, err = q.AtLeast(valid, least); err != nil {
			return nil, nil, fmt.Errorf("%s: %w (data.tenth)", d.Source, err)
		}
	}
	if len(learn) == 0 {
		return nil, nil, fmt.Errorf("%s has no molecules of split %q", d.Source, d.Split)
	}
	if learn, valid = d.Atoms.Keep(learn), d.Atoms.Keep(valid); len(learn) == 0 {
		return nil, nil, fmt.Errorf("%s has no molecules of %s atoms (data.atoms)", d.Source, d.Atoms)
	}
	return learn, valid, nil
}
