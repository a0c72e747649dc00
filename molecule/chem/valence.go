package chem

import "equifm/molecule"

// bondsGained returns how many more bonds the atom's charge lets it have. Carbon
// loses one by either sign.
func (a *Atom) bondsGained() int {
	charge := int(a.Charge)
	if electropositive[a.Element] || a.Element == molecule.C && charge > 0 {
		return -charge
	}
	return charge
}

// BondsGained returns how many more bonds a charge lets an element have: N one by +1, O
// minus one by -1.
func BondsGained(e molecule.Element, charge int8) int {
	a := Atom{Element: e, Charge: charge}
	return a.bondsGained()
}

// explicitValence returns the sum of bond orders and written hydrogens of atom
// i. Aromatic bonds count one and a half: where that overshoots the default
// valence by at most 1.5, as on the nitrogen of N-methylpyrrole, the atom is
// taken to be at the allowed valence beneath. RDKit's calcExplicitValence
// (Code/GraphMol/Atom.cpp).
func (s *Structure) explicitValence(i int32) int {
	a := &s.Atoms[i]
	halves := 2 * int(a.Hydrogens)
	aromatic := a.Aromatic
	for _, h := range s.Around(i) {
		if order := s.Bonds[h.Bond].Order; order == molecule.Aromatic {
			halves += 3
			aromatic = true
		} else {
			halves += 2 * int(order)
		}
	}
	if usual := defaultValence(a.Element); aromatic && usual != anyValence {
		if below := usual + a.bondsGained(); halves > 2*below {
			for _, v := range valenceLists[a.Element] {
				v += a.bondsGained()
				if v > 0 && 2*v <= halves {
					below = v
				}
			}
			if halves-2*below <= 3 {
				halves = 2 * below
			}
		}
	}
	return (halves + 1) / 2
}

// implicitValence returns the hydrogens that fill atom i, whose explicit
// valence is known, up to its next allowed valence; ok is false when there is
// none that high. RDKit's calcImplicitValence.
func (s *Structure) implicitValence(i int32) (hydrogens int, ok bool) {
	a := &s.Atoms[i]
	have := int(a.explicit)
	usual := defaultValence(a.Element)
	switch {
	case a.NoImplicit, usual == anyValence:
		return 0, true
	case a.Element == molecule.H && have == 0:
		if a.Charge == 0 {
			return 1, true
		}
		return 0, true
	case s.aromatic(i):
		if have <= usual+a.bondsGained() {
			return usual + a.bondsGained() - have, true
		}
		for _, v := range valenceLists[a.Element] {
			if v > 0 && have == v+a.bondsGained() {
				return 0, true
			}
		}
		return 0, false
	}
	list := valenceLists[a.Element]
	for _, v := range list {
		if v != anyValence && have <= v+a.bondsGained() {
			return v + a.bondsGained() - have, true
		}
	}
	return 0, list[len(list)-1] == anyValence
}

// tooHigh says that atom i is above the last valence of its element.
func (s *Structure) tooHigh(i int32) bool {
	a := &s.Atoms[i]
	list := valenceLists[a.Element]
	last := list[len(list)-1]
	used := int(a.explicit) - int(a.Charge)
	if outerElectrons[a.Element] < 4 {
		used = int(a.explicit) + int(a.Charge)
	}
	return last > 0 && used > last
}

// setValences computes the valences of all atoms, stopping at the first that
// cannot be.
func (s *Structure) setValences() error {
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		a.explicit = int16(s.explicitValence(i))
		if s.tooHigh(i) {
			return s.valenceError(i)
		}
		hydrogens, ok := s.implicitValence(i)
		if !ok {
			return s.valenceError(i)
		}
		a.implicit = int16(hydrogens)
	}
	return nil
}

// FillHydrogens computes the valences and the hydrogens that fill them, and lets
// impossible atoms be.
func (s *Structure) FillHydrogens() {
	for i := range s.Atoms {
		a := &s.Atoms[i]
		a.explicit = int16(s.explicitValence(int32(i)))
		hydrogens, _ := s.implicitValence(int32(i))
		a.implicit = int16(hydrogens)
	}
}

// aromatic says whether atom i is aromatic or has an aromatic bond.
func (s *Structure) aromatic(i int32) bool {
	if s.Atoms[i].Aromatic {
		return true
	}
	for _, h := range s.Around(i) {
		if s.Bonds[h.Bond].Order == molecule.Aromatic {
			return true
		}
	}
	return false
}

// ImpliedHydrogens returns the hydrogens that a reader of SMILES gives atom i
// when it is written without brackets.
func (s *Structure) ImpliedHydrogens(i int32) int {
	a := &s.Atoms[i]
	kept := *a
	a.Hydrogens, a.NoImplicit = 0, false
	a.explicit = int16(s.explicitValence(i))
	n, _ := s.implicitValence(i)
	*a = kept
	return n
}
