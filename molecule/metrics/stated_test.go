package metrics_test

import (
	"fmt"
	"io"
	"math"
	"os"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
)

// Charged molecules are valid by what their records state, with their charge, and stable
// where EDM's table has the element's valence; by distances they are neither.
func TestStatedCharges(t *testing.T) {
	f, err := os.Open("../../testdata/golden/sdf_charges.sdf")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unstable := map[string]bool{"sulfate": true, "trimethylsulfonium": true}
	stated, perceived := metrics.Judger{Table: bonds.All(), Stated: true}, metrics.Judger{Table: bonds.All()}
	var tally metrics.Tally
	records := formats.NewSDFReader(f, "sdf_charges.sdf")
	for {
		m, err := records.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		j := stated.Judge(m)
		tally.Add(j)
		charge, _ := m.Property("charge")
		if !j.Stated || !j.Valid || fmt.Sprint(j.Charge) != charge || j.Stable == unstable[m.Name] {
			t.Errorf("%s: %+v, its charge is %s", m.Name, j, charge)
		}
		if j := perceived.Judge(m); j.Stated || j.Charge != 0 || m.Name == "ammonium" && (j.Valid || j.Stable) {
			t.Errorf("%s by distances: %+v", m.Name, j)
		}
	}
	if total := tally.Totals(); total.Molecules != 30 || total.Stated != 30 || total.Charged != 18 {
		t.Errorf("%d molecules, %d as stated, %d charged", total.Molecules, total.Stated, total.Charged)
	}
}

// Benzene with aromatic bonds, as some files have it, is benzene, where distances see six
// double bonds, and nitromethane without charges the one with them.
func TestStatedForms(t *testing.T) {
	m := &molecule.Molecule{}
	g := &molecule.Graph{}
	for ring, r := range []float64{1.39, 2.48} {
		for k := range 6 {
			sin, cos := math.Sincos(float64(k) * math.Pi / 3)
			m.Elements = append(m.Elements, []molecule.Element{molecule.C, molecule.H}[ring])
			m.Pos = append(m.Pos, [3]float64{r * cos, r * sin, 0})
			if ring == 0 {
				g.Bonds = append(g.Bonds, molecule.Bond{I: int32(min(k, (k+1)%6)), J: int32(max(k, (k+1)%6)), Order: molecule.Aromatic})
			} else {
				g.Bonds = append(g.Bonds, molecule.Bond{I: int32(k), J: int32(6 + k), Order: molecule.Single})
			}
		}
	}
	g.Elements = m.Elements
	g.SortBonds()
	if j := judge(m); j.Valid {
		t.Errorf("by distances %+v", j)
	}
	m.Stated = g
	judger := metrics.Judger{Table: bonds.QM9(), Stated: true}
	if j := judger.Judge(m); !j.Stated || !j.Stable || !j.Checks.Passed() || j.SMILES != "[H]c1c([H])c([H])c([H])c([H])c1[H]" {
		t.Errorf("%+v", j)
	}
	m.Stated = &molecule.Graph{Elements: g.Elements, Bonds: g.Bonds[:7]} // half a ring
	if j := judger.Judge(m); j.Valid || j.Stable {
		t.Errorf("half an aromatic ring: %+v", j)
	}
	nitro := &molecule.Molecule{Elements: []molecule.Element{molecule.C, molecule.H, molecule.H, molecule.H, molecule.N, molecule.O, molecule.O}, Pos: make([][3]float64, 7)}
	nitro.Stated = &molecule.Graph{Elements: nitro.Elements, Bonds: []molecule.Bond{{I: 0, J: 1, Order: 1}, {I: 0, J: 2, Order: 1}, {I: 0, J: 3, Order: 1}, {I: 0, J: 4, Order: 1}, {I: 4, J: 5, Order: 2}, {I: 4, J: 6, Order: 2}}}
	if j := judger.Judge(nitro); !j.Stable || !j.Valid || j.Charge != 0 || j.SMILES != "[H]C([H])([H])[N+](=O)[O-]" {
		t.Errorf("nitromethane without charges: %+v", j)
	}
}
