package metrics

import (
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
)

// Check is one of the geometry checks. They follow PoseBusters (Buttenschoen,
// Morris, Deane, Chem. Sci. 15, 3130, 2024) in what is looked at and in the
// tolerances; where PoseBusters asks RDKit's distance geometry for a bound,
// these ask the bond table, the ideal angle of the hybridisation and the van
// der Waals radii. There is no force field, hence no check of the energy.
type Check int

const (
	CheckValid        Check = iota // chem.Sanitize accepts the bond graph
	CheckOneFragment               // all atoms are connected
	CheckBondLengths               // within 25% of the table's length
	CheckBondAngles                // 1-3 distances within 25% of what the ideal angle gives
	CheckFlatAromatic              // aromatic rings of 5 and 6 within 0.25 Å of a plane
	CheckFlatDouble                // C=C and its four neighbours within 0.25 Å of a plane
	CheckClash                     // no two distant atoms 30% inside their van der Waals radii
	NumChecks
)

// CheckNames are the names of the checks, in order.
var CheckNames = [NumChecks]string{"valid", "one_fragment", "bond_lengths", "bond_angles", "flat_aromatic_rings", "flat_double_bonds", "no_clash"}

// CheckOf says which molecules have what each check looks at, and are counted in it.
var CheckOf = [NumChecks]string{"molecules", "molecules", "molecules with a bond", "molecules with an angle", "molecules with an aromatic ring", "molecules with C=C of four neighbours", "molecules with atoms four bonds apart"}

// PoseBusters' tolerances.
const (
	lengthTolerance = 0.25 // of a bond length or 1-3 distance
	flatTolerance   = 0.25 // Å off the plane
	clashTolerance  = 0.30 // of the least distance
)

// Checks are the results of a molecule.
type Checks struct {
	OK      [NumChecks]bool // passed, or nothing to look at
	Has     [NumChecks]bool // has what is looked at
	Clashes int             // pairs of atoms
}

// Passed tells whether the molecule passes all.
func (c Checks) Passed() bool {
	for _, ok := range c.OK {
		if !ok {
			return false
		}
	}
	return true
}

// checkGeometry makes the checks that look at positions, with the bonds of g as t
// gives them and s as chemistry sees them: sanitised, or as perceived where the
// graph is not valid, which then has no aromatic rings.
func checkGeometry(m *molecule.Molecule, g *molecule.Graph, t *bonds.Table, s *chem.Structure, f *clashFinder) (c Checks) {
	set := func(k Check, ok, has bool) { c.OK[k], c.Has[k] = ok, has }
	set(CheckBondLengths, lengthsFit(m, g, t), hasLength(g, t))
	set(CheckBondAngles, anglesFit(m, s), hasAngle(s))
	set(CheckFlatAromatic, aromaticFlat(m, s), s.AnyAromatic())
	flat, double := doubleFlat(m, s)
	set(CheckFlatDouble, flat, double)
	clashes, pairs := f.count(m, s)
	c.Clashes = clashes
	set(CheckClash, clashes == 0, pairs)
	return c
}
