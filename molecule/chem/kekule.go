package chem

import (
	"equifm/molecule"
	"equifm/molecule/internal/scratch"
	"equifm/molecule/rings"
)

// kekuliser turns aromatic bonds back into single and double ones.
type kekuliser struct {
	open     []bool // (N) must still get a double bond
	aromatic []bool // (bonds) was aromatic
	steps    int
}

// mostSteps bounds the search for a Kekulé form, in steps an atom. A form that
// exists is found in about half a step; it is the hopeless cases that would take
// for ever.
const mostSteps = 100

// place gives every aromatic atom that lacks one bond a double bond to a
// neighbour which lacks one too, and clears all aromatic marks. Which of several
// Kekulé forms comes out does not matter: aromaticity is perceived anew, and
// looks at the sum of an atom's bonds in its rings only.
func (k *kekuliser) place(s *Structure, finder *rings.Finder) error {
	k.open = scratch.Resize(k.open, len(s.Atoms))
	k.aromatic = scratch.Resize(k.aromatic, len(s.Bonds))
	for b := range s.Bonds {
		k.aromatic[b] = s.Bonds[b].Order == molecule.Aromatic
	}
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		if a.Aromatic && finder.AtomUses[i] == 0 {
			return &KekuleError{int(i), a.Element}
		}
		k.open[i] = s.aromatic(i) && k.lacksOne(s, i)
	}
	for b := range s.Bonds {
		if k.aromatic[b] {
			s.Bonds[b].Order = molecule.Single
		}
	}
	k.steps = 0
	if !k.match(s) {
		for i := range s.Atoms {
			if k.open[i] {
				return &KekuleError{i, s.Atoms[i].Element}
			}
		}
	}
	return clearAromatic(s)
}

// lacksOne says whether the bonds of atom i, its aromatic ones counted single,
// stay one below the valence it is to have: RDKit's markDbondCands.
func (k *kekuliser) lacksOne(s *Structure, i int32) bool {
	a := &s.Atoms[i]
	sum := a.AllHydrogens()
	for _, h := range s.Around(i) {
		if k.aromatic[h.Bond] {
			sum++
		} else {
			sum += int(s.Bonds[h.Bond].Order)
		}
	}
	total := int(a.explicit + a.implicit)
	list := valenceLists[a.Element]
	valence := list[0] + a.bondsGained()
	for _, v := range list[1:] {
		if total <= valence || v <= 0 {
			break
		}
		valence = v + a.bondsGained()
	}
	return s.Degree(i)+int(a.implicit) < valence && valence == sum+1
}

// match places double bonds on all open atoms, always next on the one with the
// fewest choices, and takes back what leads nowhere. RDKit's kekulizeWorker walks
// through each fused system instead, with a bound on what it takes back.
func (k *kekuliser) match(s *Structure) bool {
	if k.steps++; k.steps > mostSteps*len(s.Atoms) {
		return false
	}
	at, fewest := int32(-1), len(s.Atoms)+1
	for i := range k.open {
		if !k.open[i] {
			continue
		}
		if n := k.choices(s, int32(i)); n < fewest {
			at, fewest = int32(i), n
		}
	}
	if at < 0 {
		return true
	}
	k.open[at] = false
	for _, h := range s.Around(at) {
		if !k.aromatic[h.Bond] || !k.open[h.Atom] {
			continue
		}
		k.open[h.Atom] = false
		s.Bonds[h.Bond].Order = molecule.Double
		if k.match(s) {
			return true
		}
		s.Bonds[h.Bond].Order = molecule.Single
		k.open[h.Atom] = true
	}
	k.open[at] = true
	return false
}

func (k *kekuliser) choices(s *Structure, i int32) (n int) {
	for _, h := range s.Around(i) {
		if k.aromatic[h.Bond] && k.open[h.Atom] {
			n++
		}
	}
	return n
}

// clearAromatic makes every atom of the Kekulé form an ordinary one, as RDKit's
// Kekulize does at its end: the hydrogen written on pyrrole's nitrogen fills an
// open valence again.
func clearAromatic(s *Structure) error {
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		if !a.Aromatic {
			continue
		}
		a.Aromatic = false
		if (a.Element != molecule.N && a.Element != molecule.P) || a.Charge != 0 || a.Hydrogens != 1 {
			continue
		}
		before := a.explicit + a.implicit
		a.NoImplicit, a.Hydrogens = false, 0
		a.explicit = int16(s.explicitValence(i))
		hydrogens, _ := s.implicitValence(i)
		a.implicit = int16(hydrogens)
		if a.explicit+a.implicit != before {
			return &KekuleError{int(i), a.Element}
		}
	}
	return nil
}
