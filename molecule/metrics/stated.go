package metrics

import (
	"slices"

	"equifm/molecule"
)

// graph returns the bonds and charges that m is judged by: as the file states them,
// if that is asked for and it does, else as the distances tell.
func (j *Judger) graph(m *molecule.Molecule) (g *molecule.Graph, stated bool) {
	if !j.Stated || m.Stated == nil {
		return j.Table.Perceive(m), false
	}
	return j.written(m.Stated), true
}

// written brings a stated graph into the form in which orders add up to valences: with
// the charges of nitro groups and the like, and without aromatic bonds. One that cannot
// be is left as it is, and is not valid.
func (j *Judger) written(stated *molecule.Graph) *molecule.Graph {
	s := &j.whole
	s.Reset(stated)
	if err := j.sanitize.Kekulise(s); err != nil {
		return stated
	}
	g := &molecule.Graph{Elements: stated.Elements, Bonds: slices.Clone(s.Bonds)}
	g.SortBonds()
	charged := false
	charges := make([]int8, len(s.Atoms))
	for i := range s.Atoms {
		charges[i] = s.Atoms[i].Charge
		charged = charged || charges[i] != 0
	}
	if charged {
		g.Charges = charges
	}
	return g
}
