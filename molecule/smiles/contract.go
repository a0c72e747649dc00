package smiles

import (
	"equifm/molecule"
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
)

type neighbour struct {
	to    int32
	order uint32
}

// contract decides which atoms are numbered and lists the bonds between them.
func (c *canoniser) contract(s *chem.Structure) {
	c.s = s
	c.of = scratch.Resize(c.of, len(s.Atoms))
	c.atom = c.atom[:0]
	for i := range s.Atoms {
		c.of[i] = -1
		if !partOfNeighbour(s, int32(i)) {
			c.of[i] = int32(len(c.atom))
			c.atom = append(c.atom, int32(i))
		}
	}
	n := len(c.atom)
	c.hyd, c.off, c.near = scratch.Resize(c.hyd, n), scratch.Resize(c.off, n+1), c.near[:0]
	for k, i := range c.atom {
		c.hyd[k], c.off[k] = 0, int32(len(c.near))
		for _, h := range s.Around(i) {
			if c.of[h.Atom] < 0 {
				c.hyd[k]++
			} else {
				c.near = append(c.near, neighbour{c.of[h.Atom], uint32(s.Bonds[h.Bond].Order)})
			}
		}
	}
	c.off[n] = int32(len(c.near))
}

// partOfNeighbour says whether i is a plain hydrogen on a heavier atom.
func partOfNeighbour(s *chem.Structure, i int32) bool {
	a := &s.Atoms[i]
	if a.Element != molecule.H || s.Degree(i) != 1 || a.Charge != 0 || a.Isotope != 0 || a.AllHydrogens() != 0 {
		return false
	}
	h := s.Around(i)[0]
	return s.Bonds[h.Bond].Order == molecule.Single && s.Atoms[h.Atom].Element != molecule.H
}

func (c *canoniser) around(k int32) []neighbour { return c.near[c.off[k]:c.off[k+1]] }
