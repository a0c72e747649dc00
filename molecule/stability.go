package molecule

// stableValences are the sums of bond orders at which EDM calls an atom stable
// (arXiv 2203.17003, and its GEOM-Drugs table).
var stableValences = [256][]int{
	H: {1}, B: {3}, C: {4}, N: {3}, O: {2}, F: {1}, Al: {3}, Si: {4}, P: {3, 5}, S: {4},
	Cl: {1}, As: {3}, Br: {1}, I: {1}, Hg: {1, 2}, Bi: {3, 5},
}

// StableValences returns the sums of bond orders at which an atom of element e
// counts as stable, none for an element outside EDM's tables. Read only.
func StableValences(e Element) []int { return stableValences[e] }

// Valences appends to dst the sum of bond orders of every atom. An aromatic
// bond, which distances never give, counts 1 here: perceive the Kekulé form
// first if the graph has any.
func (g *Graph) Valences(dst []int) []int {
	start := len(dst)
	dst = append(dst, make([]int, len(g.Elements))...)
	v := dst[start:]
	for _, b := range g.Bonds {
		order := int(b.Order)
		if b.Order == Aromatic {
			order = 1
		}
		v[b.I] += order
		v[b.J] += order
	}
	return dst
}

// StableAtoms returns how many atoms have a sum of bond orders that EDM's table
// allows their element. The molecule is stable when all have.
func (g *Graph) StableAtoms() (count int) {
	for i, v := range g.Valences(nil) {
		if stable(g.Elements[i], v) {
			count++
		}
	}
	return count
}

func stable(e Element, valence int) bool {
	for _, allowed := range stableValences[e] {
		if valence == allowed {
			return true
		}
	}
	return false
}

// AllSingle returns the graph with every bond single, which is how the older
// GEOM-Drugs "validity" judges molecules.
func (g *Graph) AllSingle() *Graph {
	single := &Graph{Elements: g.Elements, Bonds: make([]Bond, len(g.Bonds))}
	for i, b := range g.Bonds {
		single.Bonds[i] = Bond{b.I, b.J, Single}
	}
	return single
}
