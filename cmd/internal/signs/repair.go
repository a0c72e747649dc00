package signs

import (
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// A molecule is asked whether another element would mend it if so few of its atoms are
// unstable: of more the positions must be wrong as well.
const mostUnstable = 4

// Repair counts, of unstable molecules, those that another element at one atom makes
// stable: there the position is right and the type is not.
type Repair struct {
	Share    metrics.Share
	Elements []molecule.Element // to try

	judger metrics.Judger
}

// NewRepair returns a count of no molecules.
func NewRepair(t *bonds.Table, elements []molecule.Element) *Repair {
	return &Repair{Elements: elements, judger: metrics.Judger{Table: t}}
}

// Add counts a molecule.
func (r *Repair) Add(m *molecule.Molecule, j *metrics.Judgement) {
	if j.Stable {
		return
	}
	r.Share.N++
	if wrong := j.Atoms - j.StableAtoms; wrong > mostUnstable || !r.mended(m) {
		return
	}
	r.Share.K++
}

// mended says whether there is such an atom.
func (r *Repair) mended(m *molecule.Molecule) bool {
	other := *m
	other.Elements = append([]molecule.Element(nil), m.Elements...)
	for i, was := range m.Elements {
		for _, e := range r.Elements {
			if e == was {
				continue
			}
			if other.Elements[i] = e; r.judger.Judge(&other).Stable {
				return true
			}
		}
		other.Elements[i] = was
	}
	return false
}
