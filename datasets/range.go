package datasets

import (
	"fmt"

	"equifm/molecule"
)

// Range is a range of numbers of atoms, both ends in it.
type Range struct{ Least, Most int }

// ParseRange reads a range as it is written, such as 1-18.
func ParseRange(text string) (r Range, err error) {
	if n, err := fmt.Sscanf(text, "%d-%d", &r.Least, &r.Most); n != 2 || err != nil || r.String() != text || r.Least < 1 || r.Most < r.Least {
		return r, fmt.Errorf("%q, expected two whole numbers of atoms such as 1-18, the least first", text)
	}
	return r, nil
}

// String writes the range as ParseRange reads it.
func (r Range) String() string { return fmt.Sprintf("%d-%d", r.Least, r.Most) }

// Keep returns the molecules of sizes in the range, in order. They share their atoms with
// those given.
func (r Range) Keep(mols []molecule.Molecule) (kept []molecule.Molecule) {
	for _, m := range mols {
		if n := m.Len(); n >= r.Least && n <= r.Most {
			kept = append(kept, m)
		}
	}
	return kept
}
