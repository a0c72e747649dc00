package chem

import (
	"slices"

	"equifm/molecule"
	"equifm/molecule/internal/scratch"
)

// Atom is an atom of a Structure.
type Atom struct {
	Element    molecule.Element
	Charge     int8
	Hydrogens  uint8  // written on the atom, beside those that are atoms themselves
	NoImplicit bool   // takes no hydrogens but those written: a bracket atom of SMILES
	Aromatic   bool   // set by Sanitize or by the lower case of SMILES
	Isotope    uint16 // mass number, 0 for the natural mixture

	explicit int16 // sum of bond orders and written hydrogens, set by Sanitize
	implicit int16 // hydrogens that fill the valence, set by Sanitize
}

// AllHydrogens returns the hydrogens of the atom that are not atoms themselves:
// written ones and, in a sanitised Structure, those that fill its valence.
func (a *Atom) AllHydrogens() int { return int(a.Hydrogens) + int(a.implicit) }

// Structure is a graph with what chemistry adds: charges, hydrogens that are
// not atoms, aromaticity.
type Structure struct {
	Atoms          []Atom
	Bonds          []molecule.Bond
	molecule.Links // of Bonds, once Link is called
}

// Reset makes s the structure of g's atoms, charges and bonds, with the
// valences still open, in the memory that s has. Bonds are put in the order of
// their higher atom, then of the lower: the order in which EDM's protocol adds
// them to an RDKit molecule, which settles RDKit's choices between equals.
func (s *Structure) Reset(g *molecule.Graph) {
	n := len(g.Elements)
	s.Atoms = scratch.Resize(s.Atoms, n)
	for i, e := range g.Elements {
		s.Atoms[i] = Atom{Element: e}
	}
	for i, c := range g.Charges {
		s.Atoms[i].Charge = c
	}
	s.Bonds = append(s.Bonds[:0], g.Bonds...)
	slices.SortStableFunc(s.Bonds, func(a, b molecule.Bond) int { return int(a.J - b.J) })
	s.Link()
}

// Link lists the bonds of each atom. Whoever changes Atoms or Bonds calls it.
func (s *Structure) Link() { s.Links.Link(len(s.Atoms), s.Bonds) }

// Part makes part the structure of the atoms labelled c, and of the bonds
// between them.
func (s *Structure) Part(label []int32, c int32, part *Structure) {
	part.Atoms, part.Bonds = part.Atoms[:0], part.Bonds[:0]
	renumbered := make([]int32, len(label))
	for i, l := range label {
		if l == c {
			renumbered[i] = int32(len(part.Atoms))
			part.Atoms = append(part.Atoms, s.Atoms[i])
		}
	}
	for _, b := range s.Bonds {
		if label[b.I] == c {
			part.Bonds = append(part.Bonds, molecule.Bond{I: renumbered[b.I], J: renumbered[b.J], Order: b.Order})
		}
	}
	part.Link()
}
