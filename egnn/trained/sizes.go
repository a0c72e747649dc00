package trained

import (
	"cmp"
	"fmt"
	"slices"

	"equifm/datasets"
	"equifm/flow"
)

// sizes returns the number of atoms of every molecule.
func (m *Model) sizes(o Options) ([]int, error) {
	if o.Values != nil {
		if err := m.checkValues(o); err != nil {
			return nil, err
		}
	}
	if len(o.Elements) > 0 {
		return slices.Repeat([]int{len(o.Elements)}, o.Number), nil
	}
	drawn, err := m.within(o)
	if err != nil {
		return nil, err
	}
	sizes := make([]int, o.Number)
	for i := range sizes {
		switch sizes[i] = o.Atoms; {
		case o.Atoms > 0 && o.MostAtoms <= o.Atoms:
		case o.Values != nil:
			sizes[i] = m.Condition.size(o.Values[i], flow.PropertyRand(o.Seed, o.First+i))
			if o.MostAtoms > 0 && (sizes[i] < o.Atoms || sizes[i] > o.MostAtoms) {
				return nil, fmt.Errorf("molecule %d has %d atoms to go with its %s, expected %d to %d: one number of atoms, or none", i+1, sizes[i], m.Config.Condition.Property, o.Atoms, o.MostAtoms)
			}
		default:
			sizes[i] = drawn.Sample(flow.SizeRand(o.Seed, o.First+i))
		}
		if sizes[i] < o.least() {
			return nil, fmt.Errorf("molecule %d has %d atoms to go with what is asked for, expected more than the scaffold's %d: ask for one number of atoms", i+1, sizes[i], o.least()-1)
		}
		if sizes[i] > mostAtoms {
			return nil, fmt.Errorf("molecule %d is to have %d atoms, expected at most %d", i+1, sizes[i], mostAtoms)
		}
	}
	return sizes, nil
}

// OutsideSizes says that molecules are asked for of a number of atoms beyond all of the
// training set's, "" if not: what the model makes of those is a guess, or no number.
func (m *Model) OutsideSizes(o Options) string {
	n := len(o.Elements)
	if n == 0 && o.MostAtoms <= o.Atoms {
		n = o.Atoms
	}
	least, most := m.Sizes.Range()
	if n == 0 || n >= least && n <= most || checkSizes(m.Sizes) != nil {
		return ""
	}
	return fmt.Sprintf("size %d is outside of what the model has learned, molecules of %d to %d atoms", n, least, most)
}

// within returns the sizes that are drawn from: the training set's, or those of a range.
func (m *Model) within(o Options) (h datasets.Histogram, err error) {
	if o.Atoms > 0 && o.MostAtoms <= o.Atoms {
		return h, nil
	}
	if err := checkSizes(m.Sizes); err != nil {
		return h, fmt.Errorf("sizes of the training set: %w", err)
	}
	if o.MostAtoms == 0 && o.Scaffold == nil {
		return m.Sizes, nil
	}
	from, to := max(o.Atoms, o.least()), cmp.Or(o.MostAtoms, mostAtoms)
	if h = m.Sizes.Within(from, to); h.Total == 0 {
		least, most := m.Sizes.Range()
		return h, fmt.Errorf("the training set has no molecule of %d to %d atoms, but of %d to %d: expected some of those, or one number of atoms", from, to, least, most)
	}
	return h, nil
}
