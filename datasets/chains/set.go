package chains

import (
	"fmt"
	"math/rand/v2"

	"equifm/molecule"
)

// Training and Valid are how many molecules of its two splits a set has.
const (
	Training = 2000
	Valid    = 200
)

// setSeed is that of a set's molecules, each of which has a stream of its own.
const setSeed = 1

// Set returns molecules with from least to most atoms, all sizes alike often, always the
// same: the property split says which are to learn from, train, and which to hold out, valid.
func Set(least, most int) ([]molecule.Molecule, error) {
	if least < 2 || most < least || most > mostAtoms {
		return nil, fmt.Errorf("chains of %d to %d atoms, expected 2 to %d, the least first", least, most, mostAtoms)
	}
	all := make([]molecule.Molecule, Training+Valid)
	for i := range all {
		rng := rand.New(rand.NewPCG(setSeed, uint64(i)))
		m, err := Build(least+rng.IntN(most-least+1), rng)
		if err != nil {
			return nil, err
		}
		split := "train"
		if i >= Training {
			split = "valid"
		}
		m.SetProperty("split", split)
		all[i] = *m
	}
	return all, nil
}
