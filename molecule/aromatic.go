package molecule

import "slices"

// aromatiser marks aromatic rings by RDKit's own model: rings and fused groups
// of rings whose atoms can all take part, with 4n+2 electrons between them.
type aromatiser struct {
	s      *Structure
	rings  *ringFinder
	donor  []int8 // (N) electrons given to the ring, notAsked or cannot
	able   []span // rings all of whose atoms can take part
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
func (p *aromatiser) perceive(s *Structure, rings *ringFinder) {
	p.s, p.rings = s, rings
	p.donor = resize(p.donor, len(s.Atoms))
	for i := range p.donor {
		p.donor[i] = notAsked
	}
	p.able = p.able[:0]
	for _, r := range rings.rings {
		if p.allTakePart(rings.atoms(r)) {
			p.able = append(p.able, r)
		}
	}
	if len(p.able) == 0 {
		return
	}
	p.findNeighbours()
	p.taken = resize(p.taken, len(p.able))
	clear(p.taken)
	p.done, p.bonds = resize(p.done, len(s.Bonds)), resize(p.bonds, len(s.Bonds))
	p.uses = resize(p.uses, len(s.Atoms))
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
		if order := &s.Bonds[b].Order; done && *order != Triple {
			*order = Aromatic
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

// findNeighbours lists for each ring those that share just one bond with it.
func (p *aromatiser) findNeighbours() {
	for len(p.near) < len(p.able) {
		p.near = append(p.near, nil)
	}
	for k := range p.able {
		p.near[k] = p.near[k][:0]
	}
	for i, a := range p.able {
		for j := i + 1; j < len(p.able) && a.len() <= largestFusedRing; j++ {
			b := p.able[j]
			if b.len() > largestFusedRing {
				continue
			}
			shared := 0
			for _, bond := range p.rings.bonds(a) {
				if slices.Contains(p.rings.bonds(b), bond) {
					shared++
				}
			}
			if shared == 1 {
				p.near[i] = append(p.near[i], int32(j))
				p.near[j] = append(p.near[j], int32(i))
			}
		}
	}
}

// gather puts ring k and all that are fused to it, near or far, into system.
func (p *aromatiser) gather(k int32) {
	p.taken[k] = true
	p.system = append(p.system, k)
	for _, n := range p.near[k] {
		if !p.taken[n] {
			p.gather(n)
		}
	}
}

// testSystem tries the rings of a fused system one by one, then all connected
// pairs, triples and so on, until every bond is aromatic.
func (p *aromatiser) testSystem() {
	slices.Sort(p.system)
	for size := 1; size <= min(len(p.system), mostFusedRings); size++ {
		if p.allDone() {
			return
		}
		for _, k := range p.system {
			p.subset = append(p.subset[:0], k)
			var frontier []int32
			if size > 1 {
				frontier = p.beyond(nil, k, k)
			}
			p.extend(size, k, frontier)
		}
	}
}

func (p *aromatiser) allDone() bool {
	for _, k := range p.system {
		for _, b := range p.rings.bonds(p.able[k]) {
			if !p.done[b] {
				return false
			}
		}
	}
	return true
}

// extend grows the subset to size rings in every connected way that has first as
// its lowest ring, each way once (Wernicke's ESU), and tests each.
func (p *aromatiser) extend(size int, first int32, frontier []int32) {
	if len(p.subset) == size {
		p.test()
		return
	}
	for len(frontier) > 0 {
		next := frontier[len(frontier)-1]
		frontier = frontier[:len(frontier)-1]
		wider := p.beyond(slices.Clone(frontier), next, first)
		p.subset = append(p.subset, next)
		p.extend(size, first, wider)
		p.subset = p.subset[:len(p.subset)-1]
	}
}

// beyond appends to frontier the rings above first that touch ring k but none of
// the subset.
func (p *aromatiser) beyond(frontier []int32, k, first int32) []int32 {
	for _, n := range p.near[k] {
		if n <= first || slices.Contains(frontier, n) || slices.Contains(p.subset, n) {
			continue
		}
		touched := false
		for _, r := range p.subset {
			touched = touched || r != k && slices.Contains(p.near[r], n)
		}
		if !touched {
			frontier = append(frontier, n)
		}
	}
	return frontier
}

// test counts the electrons of the subset's atoms, leaving out those buried
// between three rings, and marks the outline when they are 4n+2.
func (p *aromatiser) test() {
	for _, k := range p.subset {
		r := p.able[k]
		for j, i := range p.rings.atoms(r) {
			p.uses[i]++
			p.bonds[p.rings.bonds(r)[j]]++
		}
	}
	electrons := 0
	for _, k := range p.subset {
		for _, i := range p.rings.atoms(p.able[k]) {
			if p.uses[i] == 1 || p.uses[i] == 2 {
				electrons += int(p.donor[i])
				p.uses[i] += 128 // counted
			}
		}
	}
	huckel := electrons == 2 || electrons >= 6 && electrons%4 == 2
	for _, k := range p.subset {
		r := p.able[k]
		for j, i := range p.rings.atoms(r) {
			bond := p.rings.bonds(r)[j]
			if huckel {
				p.s.Atoms[i].Aromatic = true
				p.done[bond] = p.done[bond] || p.bonds[bond] == 1
			}
		}
	}
	for _, k := range p.subset {
		for j, i := range p.rings.atoms(p.able[k]) {
			p.uses[i] = 0
			p.bonds[p.rings.bonds(p.able[k])[j]] = 0
		}
	}
}
