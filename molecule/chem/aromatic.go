package chem

import (
	"equifm/molecule"
	"equifm/molecule/internal/scratch"
	"equifm/molecule/rings"
)

// aromatiser marks aromatic rings by RDKit's own model: rings and fused groups
// of rings whose atoms can all take part, with 4n+2 electrons between them.
// RDKit's setAromaticity, with the model AROMATICITY_RDKIT (aromaticityHelper).
type aromatiser struct {
	s      *Structure
	rings  *rings.Finder
	donor  []int8       // (N) electrons given to the ring, notAsked or cannot
	able   []rings.Ring // rings all of whose atoms can take part
	near   [][]int32
	system []int32 // indices in able of one fused system
	taken  []bool  // (able) put into a system
	done   []bool  // (bonds) marked aromatic
	uses   []uint8 // (N) rings of the subset that an atom is in
	bonds  []uint8 // (bonds) the same of a bond
	subset []int32
}

const (
	notAsked = -2
	cannot   = -1
)

// Limits of RDKit's model: larger rings take part alone only, and no more rings
// than this are looked at together.
const (
	largestFusedRing = 24
	mostFusedRings   = 6
)

// perceive marks the atoms and bonds of s. Valences must be set.
func (p *aromatiser) perceive(s *Structure, finder *rings.Finder) {
	p.s, p.rings = s, finder
	p.donor = scratch.Resize(p.donor, len(s.Atoms))
	for i := range p.donor {
		p.donor[i] = notAsked
	}
	p.able = p.able[:0]
	for _, r := range finder.Rings {
		if p.allTakePart(finder.Atoms(r)) {
			p.able = append(p.able, r)
		}
	}
	if len(p.able) == 0 {
		return
	}
	p.findNeighbours()
	p.taken = scratch.Resize(p.taken, len(p.able))
	clear(p.taken)
	p.done, p.bonds = scratch.Resize(p.done, len(s.Bonds)), scratch.Resize(p.bonds, len(s.Bonds))
	p.uses = scratch.Resize(p.uses, len(s.Atoms))
	clear(p.done)
	clear(p.bonds)
	clear(p.uses)
	for k := range int32(len(p.able)) {
		if !p.taken[k] {
			p.system = p.system[:0]
			p.gather(k)
			p.testSystem()
		}
	}
	for b, done := range p.done {
		if order := &s.Bonds[b].Order; done && *order != molecule.Triple {
			*order = molecule.Aromatic
		}
	}
}

func (p *aromatiser) allTakePart(ring []int32) bool {
	all := true
	for _, i := range ring {
		if p.donor[i] == notAsked {
			p.donor[i] = p.electrons(i)
		}
		all = all && p.donor[i] != cannot
	}
	return all
}

// test counts the electrons of the subset's atoms, leaving out those buried
// between three rings, and marks the outline when they are 4n+2: RDKit's
// applyHuckel and markAtomsBondsArom.
func (p *aromatiser) test() {
	for _, k := range p.subset {
		r := p.able[k]
		for j, i := range p.rings.Atoms(r) {
			p.uses[i]++
			p.bonds[p.rings.Bonds(r)[j]]++
		}
	}
	electrons := 0
	for _, k := range p.subset {
		for _, i := range p.rings.Atoms(p.able[k]) {
			if p.uses[i] == 1 || p.uses[i] == 2 {
				electrons += int(p.donor[i])
				p.uses[i] += 128 // counted
			}
		}
	}
	huckel := electrons == 2 || electrons >= 6 && electrons%4 == 2
	for _, k := range p.subset {
		r := p.able[k]
		for j, i := range p.rings.Atoms(r) {
			bond := p.rings.Bonds(r)[j]
			if huckel {
				p.s.Atoms[i].Aromatic = true
				p.done[bond] = p.done[bond] || p.bonds[bond] == 1
			}
		}
	}
	for _, k := range p.subset {
		for j, i := range p.rings.Atoms(p.able[k]) {
			p.uses[i] = 0
			p.bonds[p.rings.Bonds(p.able[k])[j]] = 0
		}
	}
}
