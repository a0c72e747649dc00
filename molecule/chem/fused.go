package chem

import "slices"

// findNeighbours lists for each ring those that share just one bond with it:
// RDKit's makeRingNeighborMap.
func (p *aromatiser) findNeighbours() {
	for len(p.near) < len(p.able) {
		p.near = append(p.near, nil)
	}
	for k := range p.able {
		p.near[k] = p.near[k][:0]
	}
	for i, a := range p.able {
		for j := i + 1; j < len(p.able) && a.Len() <= largestFusedRing; j++ {
			b := p.able[j]
			if b.Len() > largestFusedRing {
				continue
			}
			shared := 0
			for _, bond := range p.rings.Bonds(a) {
				if slices.Contains(p.rings.Bonds(b), bond) {
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

// gather puts ring k and all that are fused to it, near or far, into system:
// RDKit's pickFusedRings.
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
// pairs, triples and so on, until every bond is aromatic: applyHuckelToFused.
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
		for _, b := range p.rings.Bonds(p.able[k]) {
			if !p.done[b] {
				return false
			}
		}
	}
	return true
}

// extend grows the subset to size rings in every connected way that has first as
// its lowest ring, each way once, and tests each. This is ESU (S. Wernicke,
// IEEE/ACM Trans. Comput. Biol. Bioinform. 3, 347, 2006); RDKit goes through all
// subsets and drops those that are not connected.
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
