package chem

import "equifm/molecule"

// separateCharges rewrites the uncharged forms of groups that RDKit wants with
// charges: N(=O)=O as [N+](=O)[O-], N=N#N as N=[N+]=[N-], C=P(=O)X as
// C=[P+]([O-])X, and the oxo acids of the halogens. Atoms are visited in order,
// and of two equal neighbours the first takes the charge. RDKit's cleanUp
// (Code/GraphMol/MolOps.cpp).
func (s *Structure) separateCharges() {
	for i := range s.Atoms {
		if s.Atoms[i].Charge != 0 {
			continue
		}
		switch s.Atoms[i].Element {
		case molecule.N:
			s.separateNitrogen(int32(i))
		case molecule.P:
			s.separatePhosphorus(int32(i))
		case molecule.Cl, molecule.Br, molecule.I:
			s.separateHalogen(int32(i))
		}
	}
}

// separateNitrogen is RDKit's nitrogenCleanup.
func (s *Structure) separateNitrogen(i int32) {
	a := &s.Atoms[i]
	flag := a.Aromatic
	a.Aromatic = false
	five := s.explicitValence(i) == 5
	a.Aromatic = flag
	if !five {
		return
	}
	for _, h := range s.Around(i) {
		other, b := &s.Atoms[h.Atom], &s.Bonds[h.Bond]
		if other.Charge != 0 {
			continue
		}
		if other.Element == molecule.O && b.Order == molecule.Double || other.Element == molecule.N && b.Order == molecule.Triple {
			b.Order--
			a.Charge, other.Charge = 1, -1
			return
		}
	}
}

// separatePhosphorus is RDKit's phosphorusCleanup.
func (s *Structure) separatePhosphorus(i int32) {
	if s.Degree(i) != 3 || s.explicitValence(i) != 5 {
		return
	}
	oxygen := molecule.Neighbour{Atom: -1, Bond: -1}
	toCorN := false
	for _, h := range s.Around(i) {
		if s.Bonds[h.Bond].Order != molecule.Double {
			continue
		}
		switch other := &s.Atoms[h.Atom]; {
		case other.Element == molecule.O && other.Charge == 0:
			oxygen = h
		case (other.Element == molecule.C || other.Element == molecule.N) && s.Degree(h.Atom) >= 2:
			toCorN = true
		}
	}
	if toCorN && oxygen.Atom >= 0 {
		s.Bonds[oxygen.Bond].Order = molecule.Single
		s.Atoms[oxygen.Atom].Charge = -1
		s.Atoms[i].Charge = 1
	}
}

// separateHalogen is RDKit's halogenCleanup.
func (s *Structure) separateHalogen(i int32) {
	switch s.explicitValence(i) {
	case 3, 5, 7:
	default:
		return
	}
	for _, h := range s.Around(i) {
		if s.Atoms[h.Atom].Element != molecule.O {
			return
		}
	}
	for _, h := range s.Around(i) {
		if b := &s.Bonds[h.Bond]; b.Order == molecule.Double {
			b.Order = molecule.Single
			s.Atoms[h.Atom].Charge = -1
			s.Atoms[i].Charge++
		}
	}
}
