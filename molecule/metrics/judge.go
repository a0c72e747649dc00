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
	Table  *bonds.Table
	Stated bool // goes by the bonds and charges that a molecule's file states, where it does

	sums     []int
	whole    chem.Structure
	single   chem.Structure
	largest  chem.Structure
	label    []int32
	stack    []int32
	sanitize chem.Sanitizer
	spell    smiles.Writer
	clashes  clashFinder
}

// Judge perceives m's bonds by the table, or takes those of its file, and judges the molecule. A molecule is
// valid as a whole, though the SMILES is that of its largest fragment, the first
// of equals. Stability is of the orders as perceived.
func (j *Judger) Judge(m *molecule.Molecule) Judgement {
	g, stated := j.graph(m)
	out := Judgement{Graph: g, Stated: stated, Charge: g.Charge(), Atoms: m.Len(), StableAtoms: stableAtoms(g, &j.sums)}
	out.Stable = out.StableAtoms == out.Atoms
	j.whole.Reset(g)
	j.label = scratch.Resize(j.label, out.Atoms)
	fragments := j.whole.Fragments(j.label, &j.stack)
	if err := j.valid(m); err != nil {
		out.Reason = err.Error()
		j.whole.Reset(g) // what the checks look at then
	} else {
		out.Valid, out.Fragments, out.SMILES = true, fragments, j.smiles(fragments)
	}
	out.AllSingle = j.allSingle(m, g)
	out.Checks = checkGeometry(m, g, j.Table, &j.whole, &j.clashes)
	out.Checks.OK[CheckValid], out.Checks.OK[CheckOneFragment] = out.Valid, fragments == 1
	out.Checks.Has[CheckValid], out.Checks.Has[CheckOneFragment] = true, true
	return out
}

// JudgeAll judges molecules in order.
func (j *Judger) JudgeAll(molecules []*molecule.Molecule) []Judgement {
	all := make([]Judgement, len(molecules))
	for i, m := range molecules {
		all[i] = j.Judge(m)
	}
	return all
}

var errNoAtoms = errors.New("no atoms")

// valid sanitises m's structure, or says why it cannot be.
func (j *Judger) valid(m *molecule.Molecule) error {
	if m.Len() == 0 {
		return errNoAtoms
	}
	if i := firstNotFinite(m); i >= 0 {
		return fmt.Errorf("atom %d (%v): position is not finite", i+1, m.Elements[i])
	}
	return j.sanitise(&j.whole)
}

// sanitise sanitises s, and once more after the aromatic marks are in place, as
// EDM's protocol has RDKit do for each fragment.
func (j *Judger) sanitise(s *chem.Structure) error {
	err := j.sanitize.Sanitize(s)
	if err == nil && s.AnyAromatic() {
		err = j.sanitize.Sanitize(s)
	}
	return err
}

// smiles returns the string of the largest fragment.
func (j *Judger) smiles(fragments int) string {
	if fragments == 1 {
		return j.spell.Connected(&j.whole)
	}
	j.whole.Part(j.label, largest(j.label, fragments), &j.largest)
	return j.spell.Connected(&j.largest)
}

// allSingle judges validity with every bond of g single.
func (j *Judger) allSingle(m *molecule.Molecule, g *molecule.Graph) bool {
	if m.Len() == 0 || firstNotFinite(m) >= 0 {
		return false
	}
	j.single.Reset(g)
	for b := range j.single.Bonds {
		j.single.Bonds[b].Order = molecule.Single
	}
	return j.sanitise(&j.single) == nil
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
