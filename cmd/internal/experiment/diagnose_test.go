package experiment

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"equifm/cmd/internal/measure"
)

// What there is no figure of, as the bonds of atoms that have none, is null for programs and
// a dash in the table.
func TestDiagnosisOfNoBonds(t *testing.T) {
	d := diagnosis{From: []measure.From{{T: 1, RightTypes: 50, Quality: measure.Quality{NFE: 3, Molecules: []measure.Seen{{Atoms: 2}}}}}}
	text, err := json.Marshal(d.started(measure.Reference{}))
	want := `[{"angle_w1":null,"atom_stability":0,"bond_w1":null,"connected":0,"molecule_stability":0,"nfe":3,"right_types":50,"t":1,"validity":0}]`
	if err != nil || string(text) != want {
		t.Errorf("error %v, %s, want %s", err, text, want)
	}
	var b bytes.Buffer
	d.print(&b, measure.Reference{}, nil)
	if !strings.Contains(b.String(), "\n  1.00      3      0.0       0.0     0.0        0.0    50.0         –         –\n") {
		t.Error(b.String())
	}
}
