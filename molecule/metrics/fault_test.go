package metrics

import (
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

// heap is n carbon atoms in a box of so many Å.
func heap(n int, side float64) *molecule.Molecule {
	rng := rand.New(rand.NewPCG(4, 4))
	m := &molecule.Molecule{Elements: slices.Repeat([]molecule.Element{molecule.C}, n)}
	for range n {
		m.Pos = append(m.Pos, [3]float64{side * rng.Float64(), side * rng.Float64(), side * rng.Float64()})
	}
	return m
}

// Collapsed molecules are judged in the time of their pairs: of as many angles, or
// dihedrals, as these have, this would not end.
func TestFaultCollapsedMolecules(t *testing.T) {
	j := Judger{Table: bonds.GEOM()}
	for name, m := range map[string]*molecule.Molecule{"one point": heap(400, 0), "1 Å": heap(400, 1), "6 Å": heap(400, 4)} {
		v, s := j.Judge(m), NewShapes()
		s.Add(m, v.Graph)
		if v.Valid || v.Stable || v.Checks.OK[CheckBondAngles] || v.Checks.OK[CheckBondLengths] || v.Reason == "" {
			t.Errorf("%s: %+v", name, v.Checks)
		}
		total := 0
		for _, b := range s.Lengths {
			total += b.N
		}
		if total != len(v.Graph.Bonds) || s.Elements[molecule.C] != m.Len() {
			t.Errorf("%s: %d bond lengths of %d bonds", name, total, len(v.Graph.Bonds))
		}
	}
}

// Molecules of any number of atoms have a verdict.
func TestFaultSizes(t *testing.T) {
	j := Judger{Table: bonds.QM9()}
	for _, n := range []int{0, 1, 2, 500, 2000} {
		m := heap(n, 40)
		v, s := j.Judge(m), NewShapes()
		s.Add(m, v.Graph)
		if v.Atoms != n || v.Stable && n > 0 || s.Elements[molecule.C] != n {
			t.Errorf("%d atoms: %+v", n, v)
		}
	}
}
