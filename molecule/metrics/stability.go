package metrics

import (
	"slices"

	"equifm/molecule"
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
)

// stableValences are the sums of bond orders at which EDM calls an atom stable
// (arXiv 2203.17003, and its GEOM-Drugs table).
var stableValences = [256][]int{
	molecule.H: {1}, molecule.B: {3}, molecule.C: {4}, molecule.N: {3}, molecule.O: {2}, molecule.F: {1},
	molecule.Al: {3}, molecule.Si: {4}, molecule.P: {3, 5}, molecule.S: {4}, molecule.Cl: {1}, molecule.As: {3},
	molecule.Br: {1}, molecule.I: {1}, molecule.Hg: {1, 2}, molecule.Bi: {3, 5},
}

// others has the valences of the elements that EDM's table lacks, as chem has them; of an
// element with no upper limit, such as a metal, bonded is stable.
var others = func() (v [256]struct {
	allowed []int
	open    bool
}) {
	for e := molecule.H; e.Known(); e++ {
		if stableValences[e] == nil {
			v[e].allowed, v[e].open = chem.Valences(e)
		}
	}
	return v
}()

// stable says whether bonds of an element may add up to sum.
func stable(e molecule.Element, sum int) bool {
	if allowed := stableValences[e]; allowed != nil {
		return slices.Contains(allowed, sum)
	}
	return others[e].open && sum > 0 || slices.Contains(others[e].allowed, sum)
}

// stableAtoms returns how many atoms of g have a sum of bond orders that EDM's
// table allows their element, or for one that it lacks chem's. An aromatic bond, which distances never give,
// counts 1. A charge counts as the bonds that it lets the element have: EDM's protocol, whose
// bonds come from distances, knows none. sums is memory that the next call may use again.
func stableAtoms(g *molecule.Graph, sums *[]int) (count int) {
	v := scratch.Resize(*sums, len(g.Elements))
	clear(v)
	for _, b := range g.Bonds {
		order := int(b.Order)
		if b.Order == molecule.Aromatic {
			order = 1
		}
		v[b.I] += order
		v[b.J] += order
	}
	for i, sum := range v {
		if g.Charges != nil {
			sum -= chem.BondsGained(g.Elements[i], g.Charges[i])
		}
		if stable(g.Elements[i], sum) {
			count++
		}
	}
	*sums = v
	return count
}
