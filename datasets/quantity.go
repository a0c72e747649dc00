package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"equifm/molecule"
)

// Quantity is a property that a model can be conditioned on: those of EDM's table
// (Hoogeboom et al. 2022, arXiv 2203.17003, section 5.2). QM9's file has energies in
// hartree; here, as in EDM, they are in eV, and errors are printed in meV.
type Quantity struct {
	Key       string  // of the molecule's property
	Unit      string  // of its values here
	ErrorUnit string  // of errors as they are printed
	perFile   float64 // units that one unit of QM9's file is
	perError  float64 // units of errors that one unit is
}

// hartree in eV, as EDM's code has it (retrieve_dataloaders in its qm9/dataset.py).
const hartree = 27.2114

var quantities = [...]Quantity{
	{"alpha", "a0^3", "a0^3", 1, 1},        // isotropic polarisability
	{"gap", "eV", "meV", hartree, 1000},    // LUMO less HOMO
	{"homo", "eV", "meV", hartree, 1000},   // energy of the highest occupied orbital
	{"lumo", "eV", "meV", hartree, 1000},   // and of the lowest unoccupied one
	{"mu", "D", "D", 1, 1},                 // dipole moment
	{"Cv", "cal/mol/K", "cal/mol/K", 1, 1}, // heat capacity at 298.15 K
}

// QuantityKeys lists the keys of the properties that a model can be conditioned on.
func QuantityKeys() (keys []string) {
	for _, q := range quantities {
		keys = append(keys, q.Key)
	}
	return keys
}

// QuantityOf returns the one of a key.
func QuantityOf(key string) (Quantity, error) {
	for _, q := range quantities {
		if q.Key == key {
			return q, nil
		}
	}
	return Quantity{}, fmt.Errorf("unknown property %q, expected one of %s", key, strings.Join(QuantityKeys(), ", "))
}

// Error returns a difference of two values in the unit that errors are printed in.
func (q Quantity) Error(difference float64) float64 { return q.perError * difference }

// Of returns a molecule's value; ok is false where it has none.
func (q Quantity) Of(m *molecule.Molecule) (v float64, ok bool, err error) {
	v, ok, err = Value(m, q.Key)
	return q.perFile * v, ok, err
}

// Known returns the molecules that have the property, in order, and their values; there
// may be none.
func (q Quantity) Known(mols []molecule.Molecule) (known []molecule.Molecule, values []float64, err error) {
	for i := range mols {
		v, ok, err := q.Of(&mols[i])
		if err != nil {
			return nil, nil, err
		}
		if ok {
			known, values = append(known, mols[i]), append(values, v)
		}
	}
	return known, values, nil
}

// Highest returns the given share of the molecules that have the property, those with its
// highest values, in order, and the least of these.
func (q Quantity) Highest(mols []molecule.Molecule, share float64) (some []molecule.Molecule, least float64, err error) {
	_, values, err := q.Known(mols)
	if err != nil {
		return nil, 0, err
	}
	n := int(math.Ceil(share * float64(len(values))))
	if n < 1 {
		return nil, 0, fmt.Errorf("none of %d molecules has the property %q", len(mols), q.Key)
	}
	slices.Sort(values)
	least = values[len(values)-n]
	some, err = q.AtLeast(mols, least)
	return some, least, err
}

// AtLeast returns the molecules whose property is known and not below a value, in order.
func (q Quantity) AtLeast(mols []molecule.Molecule, least float64) (some []molecule.Molecule, err error) {
	known, values, err := q.Known(mols)
	for i, v := range values {
		if v >= least {
			some = append(some, known[i])
		}
	}
	return some, err
}

// Stats takes the statistics over the molecules that have the property.
func (q Quantity) Stats(mols []molecule.Molecule) (Stats, error) {
	s, err := PropertyStats(mols, q.Key)
	s.Mean, s.MAD = q.perFile*s.Mean, q.perFile*s.MAD
	return s, err
}
