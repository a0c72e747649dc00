package molecule

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// Judgement is what EDM's protocol says of one molecule.
type Judgement struct {
	Atoms       int
	StableAtoms int    // atoms with an allowed sum of bond orders
	Stable      bool   // all atoms are
	Valid       bool   // the bond graph passes Sanitize
	Fragments   int    // connected parts, 0 if not valid
	SMILES      string // canonical, of the largest fragment; "" if not valid
	Reason      string // why it is not valid
}

// MarshalJSON writes the keys that EDM's protocol has in this project, where the
// SMILES of what is not valid is null, and the reason where there is one.
func (j Judgement) MarshalJSON() ([]byte, error) {
	out := struct {
		Atoms       int     `json:"atoms"`
		StableAtoms int     `json:"stable_atoms"`
		Stable      bool    `json:"stable"`
		Valid       bool    `json:"valid"`
		Fragments   int     `json:"fragments"`
		SMILES      *string `json:"smiles"`
		Reason      string  `json:"reason,omitempty"`
	}{j.Atoms, j.StableAtoms, j.Stable, j.Valid, j.Fragments, nil, j.Reason}
	if j.Valid {
		out.SMILES = &j.SMILES
	}
	return json.Marshal(out)
}

// Judge perceives m's bonds by t and judges the molecule. A molecule is valid as
// a whole, though the SMILES is that of its largest fragment, the first of
// equals.
func Judge(m *Molecule, t *BondTable) Judgement {
	j := judgers.Get().(*Judger)
	defer judgers.Put(j)
	j.Table = t
	return j.Judge(m)
}

var judgers = sync.Pool{New: func() any { return new(Judger) }}

// Judger judges molecules one after another in the same memory. It is not for
// use by several goroutines at once.
type Judger struct {
	Table     *BondTable
	AllSingle bool // validity and SMILES of the graph with every bond single, as older GEOM-Drugs figures have it

	graph    Graph
	valences []int
	whole    Structure
	largest  Structure
	label    []int32
	stack    []int32
	work     workspace
}

// Judge judges m. See the function Judge.
func (j *Judger) Judge(m *Molecule) Judgement {
	j.Table.perceive(m, &j.graph)
	if i := firstNotFinite(m); i >= 0 {
		out := j.stability()
		out.Reason = fmt.Sprintf("atom %d (%v): position is not finite", i, m.Elements[i])
		return out
	}
	return j.verdict()
}

// JudgeGraph judges a bond graph that did not come from distances.
func (j *Judger) JudgeGraph(g *Graph) Judgement {
	j.graph.Elements = append(j.graph.Elements[:0], g.Elements...)
	j.graph.Bonds = append(j.graph.Bonds[:0], g.Bonds...)
	return j.verdict()
}

// verdict judges the graph at hand. Stability is of the orders as perceived,
// AllSingle or not.
func (j *Judger) verdict() Judgement {
	out := j.stability()
	if j.AllSingle {
		for b := range j.graph.Bonds {
			j.graph.Bonds[b].Order = Single
		}
	}
	if err := j.validity(&out); err != nil {
		out.Reason = err.Error()
	}
	return out
}

func (j *Judger) stability() Judgement {
	out := Judgement{Atoms: len(j.graph.Elements)}
	j.valences = j.graph.Valences(j.valences[:0])
	for i, v := range j.valences {
		if stable(j.graph.Elements[i], v) {
			out.StableAtoms++
		}
	}
	out.Stable = out.StableAtoms == out.Atoms
	return out
}

var errNoAtoms = fmt.Errorf("no atoms")

// validity sanitises the graph, and once more after the aromatic marks are in
// place, as EDM's protocol has RDKit do for each fragment.
func (j *Judger) validity(out *Judgement) error {
	if out.Atoms == 0 {
		return errNoAtoms
	}
	j.whole.fromGraph(&j.graph)
	if err := j.work.sanitize(&j.whole); err != nil {
		return err
	}
	if j.whole.anyAromatic() {
		if err := j.work.sanitize(&j.whole); err != nil {
			return err
		}
	}
	j.label = resize(j.label, out.Atoms)
	count := components(&j.whole, j.label, &j.stack)
	largestPart := &j.whole
	if count > 1 {
		largestPart = &j.largest
		j.whole.part(j.label, largest(j.label, count), largestPart)
	}
	out.Valid, out.Fragments, out.SMILES = true, count, j.work.smiles(largestPart)
	return nil
}

// firstNotFinite returns the first atom with a NaN or infinite coordinate, or -1.
func firstNotFinite(m *Molecule) int {
	for i := range m.Pos {
		for _, x := range m.Pos[i] {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return i
			}
		}
	}
	return -1
}
