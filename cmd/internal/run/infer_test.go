package run

import (
	"io"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained/config"
	"equifm/molecule"
	"equifm/nn"
)

// A charge is what a property says, or what the charges of an SDF's atoms add up to.
func TestCharges(t *testing.T) {
	ion := func(charges ...int8) molecule.Molecule {
		return molecule.Molecule{Stated: &molecule.Graph{Charges: charges}}
	}
	said := func(v string) molecule.Molecule {
		return molecule.Molecule{Properties: []molecule.Property{{Key: "charge", Value: v}}}
	}
	for _, c := range []struct {
		m    molecule.Molecule
		want int
	}{{molecule.Molecule{}, 0}, {said("0"), 0}, {said("-1"), 1}, {said("+1.0"), 1}, {ion(), 0}, {ion(1, 0), 1}, {ion(1, -1), 0}} {
		if got := charges([]molecule.Molecule{c.m}); got != c.want {
			t.Errorf("%+v: %d charged, want %d", c.m, got, c.want)
		}
	}
}

// train.amsgrad reaches the optimiser, and the part of Muon that is AdamW.
func TestAMSGradKey(t *testing.T) {
	dir := t.TempDir()
	c, _, err := Request{Config: runtest.Small(t, dir, 1), Out: dir}.Place(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c.Train.Optimizer = range []config.Optimizer{config.AdamW, config.Muon} {
		for _, c.Train.AMSGrad = range []bool{true, false} {
			r, err := Prepare(c, 1, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			var plain bool
			switch o := r.optimizer().(type) {
			case *nn.AdamW[float32]:
				plain = o.Plain
			case *nn.Muon[float32]:
				plain = o.Rest.Plain
			}
			if plain == c.Train.AMSGrad {
				t.Errorf("%v, amsgrad = %v: plain %v", c.Train.Optimizer, c.Train.AMSGrad, plain)
			}
		}
	}
}
