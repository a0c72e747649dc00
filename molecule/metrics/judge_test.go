package metrics_test

import (
	"encoding/json"
	"math"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/metrics"
)

func judge(m *molecule.Molecule) metrics.Judgement {
	j := metrics.Judger{Table: bonds.QM9()}
	return j.Judge(m)
}

// What cannot be judged is not valid, and says why.
func TestJudgeOddMolecules(t *testing.T) {
	nothing := judge(&molecule.Molecule{})
	if nothing.Valid || nothing.Reason != "no atoms" {
		t.Errorf("no atoms: %+v", nothing)
	}
	m := &molecule.Molecule{
		Elements: []molecule.Element{molecule.C, molecule.H},
		Pos:      [][3]float64{{}, {math.NaN(), 0, 0}},
	}
	lost := judge(m)
	if lost.Valid || lost.Atoms != 2 || lost.Reason != "atom 2 (H): position is not finite" {
		t.Errorf("NaN: %+v", lost)
	}
	text, err := json.Marshal(lost)
	want := `{"atoms":2,"stable_atoms":0,"stable":false,"valid":false,"fragments":0,"smiles":null,` +
		`"reason":"atom 2 (H): position is not finite"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// The older validity of GEOM-Drugs forgives a fifth bond that is half of a
// double one.
func TestAllSingle(t *testing.T) {
	const r = 1.54 / 1.7320508075688772 // carbons at the corners of a tetrahedron, 1.54 Å from the first
	m := &molecule.Molecule{Elements: moleculetest.Carbons(5).Elements,
		Pos: [][3]float64{{}, {r, r, r}, {r, -r, -r}, {-r, r, -r}, {-r, -r, r}}}
	for k := range 3 { // 1.30 Å is a double bond
		m.Pos[1][k] *= 1.30 / 1.54
	}
	if j := judge(m); j.Valid || !j.AllSingle || j.Graph.Bonds[0].Order != molecule.Double {
		t.Errorf("%+v: want valid with all bonds single only, and the bonds as they are", j)
	}
}

// Judging in one Judger's memory leaves to allocate the graph, the strings, and a
// few small matrices for each plane that is fitted.
func TestJudgerAllocations(t *testing.T) {
	molecules := moleculetest.Golden(t)[:100]
	judger := metrics.Judger{Table: bonds.QM9()}
	perRun := testing.AllocsPerRun(5, func() {
		for _, m := range molecules {
			judger.Judge(m)
		}
	})
	if perRun > 1400 {
		t.Errorf("%.1f allocations a molecule", perRun/100)
	}
}

func BenchmarkJudge(b *testing.B) {
	molecules := moleculetest.Golden(b)
	judger := metrics.Judger{Table: bonds.QM9()}
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		for _, m := range molecules {
			judger.Judge(m)
			count++
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "molecules/s")
}
