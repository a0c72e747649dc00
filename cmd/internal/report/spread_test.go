package report

import (
	"encoding/json"
	"math"
	"testing"

	"equifm/molecule/bonds"
)

// Mean and standard deviation (of n - 1) are over the samples, one figure of which is not
// in all: what lacks a reference has no distance from it.
func TestSpread(t *testing.T) {
	var s Spread
	for _, lengths := range [][]float64{{0.92, 0.92, 0.92, 2}, {0.92, 2, 2, 2}} {
		e := New(bonds.QM9(), 1, nil)
		var molecules Slice
		for _, d := range lengths {
			molecules = append(molecules, fluoride(d))
		}
		if err := e.Read(&molecules, nil); err != nil {
			t.Fatal(err)
		}
		s.Files, s.Reports = append(s.Files, "a"), append(s.Reports, e.Report(nil))
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Mean, SD map[string]float64
		Samples  []struct {
			File   string
			Stable float64 `json:"molecule_stability"`
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	_, distance := got.Mean["bond_length_w1"]
	if got.Mean["molecule_stability"] != 0.5 || math.Abs(got.SD["molecule_stability"]-math.Sqrt(0.125)) > 1e-15 || distance ||
		len(got.Samples) != 2 || got.Samples[0].Stable != 0.75 || got.Samples[1].File != "a" {
		t.Errorf("%s", text)
	}
}
