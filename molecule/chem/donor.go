package chem

import "equifm/molecule"

// electrons returns how many electrons atom i gives to an aromatic ring, or
// cannot. The functions here are those of Code/GraphMol/Aromaticity.cpp, for a
// molecule without radicals and wild cards.
func (p *aromatiser) electrons(i int32) int8 {
	given := p.given(i)
	if given == cannot || !p.mayTakePart(i) {
		return cannot
	}
	return given
}

// given is RDKit's type of electron donor. An atom with a double bond out of the
// rings to a more electronegative one gives one electron less; an empty orbital
// gives none. RDKit's getAtomDonorTypeArom.
func (p *aromatiser) given(i int32) int8 {
	out := p.multipleBond(i, false)
	stolen := out >= 0 && moreElectronegative(p.s.Atoms[out].Element, p.s.Atoms[i].Element)
	switch n := p.available(i); {
	case n < 0:
		return cannot
	case n == 0:
		if out >= 0 {
			return 0
		}
		if p.multipleBond(i, true) >= 0 {
			return 1
		}
		return cannot
	case n == 1:
		if stolen {
			return 0
		}
		if out >= 0 || p.unsaturated(i) {
			return 1
		}
		if p.s.Atoms[i].Charge == 1 {
			return 0
		}
		return cannot
	default:
		if stolen {
			n--
		}
		return int8(2 - n%2)
	}
}

// available counts the electrons that atom i has beyond its single bonds, or -1
// for an atom that cannot be flat or has but one bond. RDKit's countAtomElec.
func (p *aromatiser) available(i int32) int {
	a := &p.s.Atoms[i]
	valence := defaultValence(a.Element)
	if valence <= 1 {
		return -1
	}
	degree := p.s.Degree(i) + a.AllHydrogens()
	if degree > 3 {
		return -1
	}
	lonePair := max(outerElectrons[a.Element]-valence-int(a.Charge), 0)
	n := valence - degree + lonePair
	if n > 1 && int(a.explicit)-p.s.Degree(i) > 1 {
		return 1
	}
	return n
}

// multipleBond returns the first neighbour that a double or triple bond of atom
// i leads to, in a ring or out of all rings, or -1: incidentCyclicMultipleBond and
// incidentNonCyclicMultipleBond.
func (p *aromatiser) multipleBond(i int32, inRing bool) int32 {
	for _, h := range p.s.Around(i) {
		order := p.s.Bonds[h.Bond].Order
		if (order == molecule.Double || order == molecule.Triple) && (p.rings.BondUses[h.Bond] > 0) == inRing {
			return h.Atom
		}
	}
	return -1
}

// unsaturated says whether atom i has any multiple bond: incidentMultipleBond.
func (p *aromatiser) unsaturated(i int32) bool {
	a := &p.s.Atoms[i]
	return int(a.explicit) != p.s.Degree(i)+int(a.Hydrogens)
}

// mayTakePart keeps heavy elements, atoms above their default valence and atoms
// with two multiple bonds out of aromatic rings: isAtomCandForArom.
func (p *aromatiser) mayTakePart(i int32) bool {
	a := &p.s.Atoms[i]
	if a.Element > 18 && a.Element != 34 && a.Element != 52 { // Se, Te
		return false
	}
	like := molecule.Element(max(int(a.Element)-int(a.Charge), 0)) // N+ may do what C may
	if defaultValence(a.Element) > 0 && int(a.explicit+a.implicit) > defaultValence(like) {
		return false
	}
	if int(a.explicit)-p.s.Degree(i) < 2 {
		return true
	}
	multiple := 0
	for _, h := range p.s.Around(i) {
		if order := p.s.Bonds[h.Bond].Order; order == molecule.Double || order == molecule.Triple {
			multiple++
		}
	}
	return multiple < 2
}

// moreElectronegative compares by column of the periodic table, then by row.
func moreElectronegative(a, b molecule.Element) bool {
	x, y := outerElectrons[a], outerElectrons[b]
	return x > y || x == y && a < b
}
