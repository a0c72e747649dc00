package trained

import (
	"errors"
	"fmt"
	"slices"

	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
)

// asks says whether types or places of atoms are given.
func (o *Options) asks() bool { return len(o.Elements) > 0 || o.Scaffold != nil }

// least is the least number of atoms that goes with what is given.
func (o *Options) least() int {
	if o.Scaffold == nil {
		return 0
	}
	return o.Scaffold.Len() + 1
}

// checkGiven returns an error for a formula or a part that no molecule of the model has, or
// for a model that has not learned to be told of them.
func (m *Model) checkGiven(o Options) error {
	switch known := m.Config.Vocabulary().Elements; {
	case !o.asks():
		return nil
	case len(o.Elements) > 0 && m.Config.Train.GivenTypes == 0:
		return errors.New("the model has not learned to make molecules of a formula: take the built-in qm9-told, or train one with train.given_types above 0, from this one with -from")
	case o.Scaffold != nil && m.Config.Train.GivenParts == 0:
		return errors.New("the model has not learned to go on from a scaffold: take the built-in qm9-told, or train one with train.given_parts above 0, from this one with -from")
	case len(o.Elements) > 0 && (o.Atoms > 0 || o.MostAtoms > 0):
		return errors.New("a formula says how many atoms there are: expected no number beside it")
	case len(o.Elements) > mostAtoms || o.least() > mostAtoms:
		return fmt.Errorf("a formula of %d atoms, a scaffold of %d: expected at most %d", len(o.Elements), o.least()-1, mostAtoms)
	default:
		for _, e := range o.Elements {
			if !slices.Contains(known, e) {
				return fmt.Errorf("a formula with %v, which is none of the model's elements %v", e, known)
			}
		}
		return o.checkScaffold(known)
	}
}

// checkScaffold returns an error for a scaffold that is none, or does not go with the rest.
func (o *Options) checkScaffold(known []molecule.Element) error {
	if o.Scaffold == nil {
		return nil
	}
	n, most := o.Scaffold.Len(), max(o.Atoms, o.MostAtoms, len(o.Elements))
	if len(o.Scaffold.Pos) != n {
		return fmt.Errorf("a scaffold of %d atoms at %d places, expected as many", n, len(o.Scaffold.Pos))
	}
	if n == 0 || most > 0 && most <= n {
		return fmt.Errorf("a scaffold of %d atoms in molecules of %d, expected at least one atom, and one more in the molecule", n, most)
	}
	for i, e := range o.Scaffold.Elements {
		if !slices.Contains(known, e) {
			return fmt.Errorf("atom %d of the scaffold is %v, which is none of the model's elements %v", i+1, e, known)
		}
		for _, v := range o.Scaffold.Pos[i] {
			if !(v > -farthest && v < farthest) {
				return fmt.Errorf("atom %d of the scaffold lies at %v, expected numbers of less than %v Å", i+1, o.Scaffold.Pos[i], farthest)
			}
		}
	}
	_, err := o.rest()
	return err
}

// farthest, Å, bounds where a scaffold lies: beyond, single precision has no digits left.
const farthest = 1e4

// rest returns the formula's atoms without the scaffold's; none without a formula.
func (o *Options) rest() ([]molecule.Element, error) {
	left := slices.Clone(o.Elements)
	if o.Scaffold == nil || len(o.Elements) == 0 {
		return left, nil
	}
	for _, e := range o.Scaffold.Elements {
		k := slices.Index(left, e)
		if k < 0 {
			return nil, fmt.Errorf("the scaffold has more atoms of %v than the formula", e)
		}
		left = slices.Delete(left, k, k+1)
	}
	return left, nil
}

// given returns what the sampler is told of molecules of these sizes: the scaffold comes
// first, then the formula's other atoms in its order.
func (m *Model) given(o Options, sizes []int) ([]flow.Given[float32], error) {
	if !o.asks() {
		return nil, nil
	}
	known := &molecule.Molecule{}
	if o.Scaffold != nil {
		known.Elements, known.Pos = slices.Clone(o.Scaffold.Elements), slices.Clone(o.Scaffold.Pos)
	}
	rest, err := o.rest()
	if err != nil {
		return nil, err
	}
	known.Elements = append(known.Elements, rest...)
	known.Pos = append(known.Pos, make([][3]float64, len(rest))...)
	_, h, err := datasets.Encode[float32](m.Config.Vocabulary(), known)
	if err != nil {
		return nil, err
	}
	all := make([]flow.Given[float32], len(sizes))
	for i, n := range sizes {
		if len(o.Elements) > 0 && n != len(o.Elements) {
			return nil, fmt.Errorf("molecule %d is to have %d atoms, expected the formula's %d", i+1, n, len(o.Elements))
		}
		if n < o.least() {
			return nil, fmt.Errorf("molecule %d is to have %d atoms, expected more than the scaffold's %d", i+1, n, o.least()-1)
		}
		if i > 0 && n == sizes[i-1] {
			all[i] = all[i-1]
			continue
		}
		all[i] = m.told(o, known, h, n)
	}
	return all, nil
}

// told is given of a molecule of n atoms, of which the first are known, with features h.
func (m *Model) told(o Options, known *molecule.Molecule, h []float32, n int) flow.Given[float32] {
	g := flow.Given[float32]{Told: make([]flow.Told, n)}
	g.X, g.H = make([]float32, 3*n), make([]float32, m.Field.Features*n)
	copy(g.H, h)
	for i, p := range known.Pos {
		g.Told[i] = flow.TypeTold
		if i < o.least()-1 {
			g.Told[i] |= flow.PlaceTold
			g.X[3*i], g.X[3*i+1], g.X[3*i+2] = float32(p[0]), float32(p[1]), float32(p[2])
		}
	}
	return g
}

// keep puts what is given into a molecule to the last digit.
func (o *Options) keep(m *molecule.Molecule) {
	if o.Scaffold != nil {
		copy(m.Elements, o.Scaffold.Elements)
		copy(m.Pos, o.Scaffold.Pos)
	}
}
