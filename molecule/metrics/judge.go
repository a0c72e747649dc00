package metrics

import (
	"errors"
	"fmt"
	"math"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
	"equifm/molecule/internal/scratch"
	"equifm/molecule/smiles"
)

// Judger judges molecules one after another in the same memory. It is not for
// use by several goroutines at once.
type Judger struct {
	Table     *bonds.Table
	AllSingle bool // validity and SMILES of the graph with every bond single, as older GEOM-Drugs figures have it

	sums     []int
	whole    chem.Structure
	largest  chem.Structure
	label    []int32
	stack    []int32
	sanitize chem.Sanitizer
	spell    smiles.Writer
}

// Judge perceives m's bonds by the table and judges the molecule. A molecule is
// valid as a whole, though the SMILES is that of its largest fragment, the first
// of equals.
func (j *Judger) Judge(m *molecule.Molecule) Judgement {
	g := j.Table.Perceive(m)
	out := Judgement{Atoms: m.Len(), StableAtoms: stableAtoms(g, &j.sums)}
	out.Stable = out.StableAtoms == out.Atoms
	if i := firstNotFinite(m); i >= 0 {
		out.Reason = fmt.Sprintf("atom %d (%v): position is not finite", i, m.Elements[i])
		return out
	}
	if j.AllSingle {
		for b := range g.Bonds {
			g.Bonds[b].Order = molecule.Single
		}
	}
	if err := j.validity(g, &out); err != nil {
		out.Reason = err.Error()
	}
	return out
}

var errNoAtoms = errors.New("no atoms")

// validity sanitises the graph, and once more after the aromatic marks are in
// place, as EDM's protocol has RDKit do for each fragment.
func (j *Judger) validity(g *molecule.Graph, out *Judgement) error {
	if out.Atoms == 0 {
		return errNoAtoms
	}
	j.whole.Reset(g)
	if err := j.sanitize.Sanitize(&j.whole); err != nil {
		return err
	}
	if j.whole.AnyAromatic() {
		if err := j.sanitize.Sanitize(&j.whole); err != nil {
			return err
		}
	}
	j.label = scratch.Resize(j.label, out.Atoms)
	count := j.whole.Fragments(j.label, &j.stack)
	part := &j.whole
	if count > 1 {
		part = &j.largest
		j.whole.Part(j.label, largest(j.label, count), part)
	}
	out.Valid, out.Fragments, out.SMILES = true, count, j.spell.Connected(part)
	return nil
}

// largest returns the label with most atoms, the first of equals.
func largest(label []int32, count int) int32 {
	size := make([]int, count)
	best := 0
	for _, c := range label {
		size[c]++
	}
	for c := range size {
		if size[c] > size[best] {
			best = c
		}
	}
	return int32(best)
}

// firstNotFinite returns the first atom with a NaN or infinite coordinate, or -1.
func firstNotFinite(m *molecule.Molecule) int {
	for i := range m.Pos {
		for _, x := range m.Pos[i] {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return i
			}
		}
	}
	return -1
}
