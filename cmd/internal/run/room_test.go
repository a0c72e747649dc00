package run

import (
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
)

// The presets suit the molecules that they are for; a rate that does not suit the size of
// molecules is warned of, with one that does.
func TestRateSuitsTheSize(t *testing.T) {
	of := func(atoms int) (h datasets.Histogram) { h.Add(atoms); return h }
	for _, c := range []struct {
		preset string
		atoms  int
		lr     float64 // 0 for the preset's
		radius float64
		want   string
	}{
		{"tiny", 18, 0, 0, ""}, {"qm9", 18, 0, 0, ""}, {"qm9-small", 18, 0, 0, ""}, {"edm", 18, 0, 0, ""}, {"geom-drugs", 46, 0, 0, ""},
		{"tiny", 42, 0, 0, ""}, {"tiny", 42, 0, 15, "18 times what QM9's 18 atoms are learned by, and training may come apart: -set train.lr=0.00017 or -set network.coords_range=2 goes"},
		{"tiny", 180, 0, 0, "-set train.lr=0.0003 goes by their size"}, {"tiny", 180, 3e-4, 0, ""}, {"tiny", 42, 1.7e-4, 15, ""},
	} {
		conf, _, err := config.Load(c.preset)
		if err != nil {
			t.Fatal(err)
		}
		if c.lr > 0 {
			conf.Train.LR = c.lr
		}
		if c.radius > 0 {
			conf.Network.CoordsRange = c.radius
		}
		if got := suited(conf, of(c.atoms)); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
