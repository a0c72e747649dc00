package metrics_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"

	"equifm/molecule/bonds"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/metrics"
)

// verdict is a line of testdata/golden/molecules.expect.jsonl; the last line
// has the totals.
type verdict struct {
	Atoms       int     `json:"atoms"`
	StableAtoms int     `json:"stable_atoms"`
	Stable      bool    `json:"stable"`
	Valid       bool    `json:"valid"`
	Fragments   int     `json:"fragments"`
	SMILES      *string `json:"smiles"`

	Molecules         int     `json:"molecules"`
	AtomStability     float64 `json:"atom_stability"`
	MoleculeStability float64 `json:"molecule_stability"`
	Validity          float64 `json:"validity"`
	Connected         float64 `json:"connected"`
	Uniqueness        float64 `json:"uniqueness"`
}

func readVerdicts(t testing.TB, path string) (each []verdict, totals verdict) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		each = append(each, v)
	}
	if len(each) == 0 || each[len(each)-1].Molecules != len(each)-1 {
		t.Fatalf("%s: the last line has no totals", path)
	}
	return each[:len(each)-1], each[len(each)-1]
}

// Every molecule is judged as RDKit judges it, and two valid molecules have the
// same string exactly when they have the same RDKit string.
func TestGolden(t *testing.T) {
	molecules := moleculetest.Golden(t)
	want, totals := readVerdicts(t, "../../testdata/golden/molecules.expect.jsonl")
	if len(molecules) != len(want) {
		t.Fatalf("%d molecules, %d verdicts", len(molecules), len(want))
	}
	judger := metrics.Judger{Table: bonds.QM9()}
	ours, theirs := map[string]string{}, map[string]string{}
	var got verdict
	var atoms, stableAtoms, stable, valid, connected int
	for i, m := range molecules {
		j, w := judger.Judge(m), want[i]
		if j.Atoms != w.Atoms || j.StableAtoms != w.StableAtoms || j.Stable != w.Stable ||
			j.Valid != w.Valid || j.Fragments != w.Fragments {
			t.Errorf("molecule %d: got %+v, want %+v", i, j, w)
		}
		atoms += j.Atoms
		stableAtoms += j.StableAtoms
		if j.Stable {
			stable++
		}
		if !j.Valid || w.SMILES == nil {
			continue
		}
		valid++
		if j.Fragments == 1 {
			connected++
		}
		if s, ok := theirs[j.SMILES]; ok && s != *w.SMILES {
			t.Errorf("molecule %d: %s is both %s and %s", i, j.SMILES, s, *w.SMILES)
		}
		if s, ok := ours[*w.SMILES]; ok && s != j.SMILES {
			t.Errorf("molecule %d: RDKit's %s is both %s and %s", i, *w.SMILES, s, j.SMILES)
		}
		theirs[j.SMILES], ours[*w.SMILES] = *w.SMILES, j.SMILES
	}
	n := float64(len(molecules))
	got.AtomStability = float64(stableAtoms) / float64(atoms)
	got.MoleculeStability = float64(stable) / n
	got.Validity = float64(valid) / n
	got.Connected = float64(connected) / n
	got.Uniqueness = float64(len(theirs)) / float64(max(1, valid))
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"atom_stability", got.AtomStability, totals.AtomStability},
		{"molecule_stability", got.MoleculeStability, totals.MoleculeStability},
		{"validity", got.Validity, totals.Validity},
		{"connected", got.Connected, totals.Connected},
		{"uniqueness", got.Uniqueness, totals.Uniqueness},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s %v, want %v", c.name, c.got, c.want)
		}
	}
}
