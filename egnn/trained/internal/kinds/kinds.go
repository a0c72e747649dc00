package main

import (
	"equifm/molecule"
	"equifm/molecule/chem"
	"equifm/molecule/rings"
)

// kinds are what a molecule may hold, each told from the sanitised graph.
var kinds = [...]struct {
	name, what string
	in         func(*seen) bool
}{
	{"aziridine", "a ring of 3 with nitrogen", func(s *seen) bool { return s.ring(3, molecule.N, false) }},
	{"oxirane", "a ring of 3 with oxygen", func(s *seen) bool { return s.ring(3, molecule.O, false) }},
	{"oxetane", "a ring of 4 with oxygen", func(s *seen) bool { return s.ring(4, molecule.O, false) }},
	{"azetidine", "a ring of 4 with nitrogen", func(s *seen) bool { return s.ring(4, molecule.N, false) }},
	{"five", "a ring of 5", func(s *seen) bool { return s.ring(5, whatever, false) }},
	{"azole", "an aromatic ring of 5", func(s *seen) bool { return s.ring(5, whatever, true) }},
	{"six", "a ring of 6", func(s *seen) bool { return s.ring(6, whatever, false) }},
	{"benzene", "an aromatic ring of 6", func(s *seen) bool { return s.ring(6, whatever, true) }},
	{"seven", "a ring of 7", func(s *seen) bool { return s.ring(7, whatever, false) }},
	{"nitrile", "a triple bond to nitrogen", func(s *seen) bool { return s.triple(true) }},
	{"alkyne", "a triple bond between carbons", func(s *seen) bool { return s.triple(false) }},
	{"carboxyl", "a carbon with a doubly bound and a singly bound oxygen", func(s *seen) bool { return s.carbonyl(molecule.O) }},
	{"amide", "a carbon with a doubly bound oxygen and a nitrogen", func(s *seen) bool { return s.carbonyl(molecule.N) }},
}

// whatever stands for any element.
const whatever = molecule.Element(0)

func names() (all []string) {
	for _, k := range kinds {
		all = append(all, k.name)
	}
	return all
}

func kindOf(name string) func(*seen) bool {
	for _, k := range kinds {
		if k.name == name {
			return k.in
		}
	}
	return nil
}

// seen is a molecule with its rings.
type seen struct {
	*chem.Structure
	rings rings.Finder
}

// look finds the rings of a sanitised structure.
func look(at *chem.Structure) (s *seen, err error) {
	s = &seen{Structure: at}
	return s, s.rings.Find(&at.Links, at.Bonds)
}

// ring says whether there is a ring of so many atoms that holds the element, and is aromatic
// all around if it must be.
func (s *seen) ring(size int, holds molecule.Element, aromatic bool) bool {
	for _, r := range s.rings.Rings {
		atoms := s.rings.Atoms(r)
		found, around := holds == whatever, true
		for _, a := range atoms {
			found = found || s.Atoms[a].Element == holds
			around = around && s.Atoms[a].Aromatic
		}
		if len(atoms) == size && found && (around || !aromatic) {
			return true
		}
	}
	return false
}

// triple says whether there is a triple bond, to nitrogen or between carbons.
func (s *seen) triple(nitrogen bool) bool {
	for _, b := range s.Bonds {
		has := s.Atoms[b.I].Element == molecule.N || s.Atoms[b.J].Element == molecule.N
		if b.Order == molecule.Triple && has == nitrogen {
			return true
		}
	}
	return false
}

// carbonyl says whether a carbon has a doubly bound oxygen and, by a single bond, the element.
func (s *seen) carbonyl(beside molecule.Element) bool {
	double, single := make([]bool, len(s.Atoms)), make([]bool, len(s.Atoms))
	note := func(c, other int32, order molecule.BondOrder) {
		e := s.Atoms[other].Element
		double[c] = double[c] || order == molecule.Double && e == molecule.O
		single[c] = single[c] || order == molecule.Single && e == beside
	}
	for _, b := range s.Bonds {
		note(b.I, b.J, b.Order)
		note(b.J, b.I, b.Order)
	}
	for i, a := range s.Atoms {
		if a.Element == molecule.C && double[i] && single[i] {
			return true
		}
	}
	return false
}
