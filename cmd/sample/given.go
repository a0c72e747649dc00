package main

import (
	"errors"
	"fmt"
	"io"

	"equifm/cmd/internal/exit"
	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// given is what every molecule has: a formula, a part; "" for none.
type given struct{ formula, scaffold string }

// over puts it over the options.
func (g given) over(how *trained.Options) (err error) {
	if g.formula != "" {
		if how.Elements, err = molecule.ParseFormula(g.formula); err != nil {
			return exit.Usage{Err: fmt.Errorf("-%w", err)}
		}
	}
	if g.scaffold != "" {
		if how.Scaffold, err = first(g.scaffold); err != nil {
			return fmt.Errorf("-scaffold: %w", err)
		}
	}
	return nil
}

// whole says that a scaffold is a molecule by itself, which nothing more can be bonded to;
// "" where it is none.
func whole(m *trained.Model, scaffold *molecule.Molecule) string {
	if scaffold == nil || !m.Judge([]*molecule.Molecule{scaffold})[0].Stable {
		return ""
	}
	return "no atom of the scaffold has a valence left for a bond to the rest: leave out the hydrogens where it is to go on, or all of them"
}

// first reads the first molecule of a file.
func first(path string) (*molecule.Molecule, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := f.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: expected a molecule, found none", path)
	}
	return m, err
}
