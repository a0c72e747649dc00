package run

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained/config"
	"equifm/molecule"
	"equifm/molecule/formats"
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

// Data of one's own that are larger than QM9's molecules have their sums over neighbours
// divided, unless -set says by what; smaller ones do not.
func TestSumsOfNeighbours(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, atoms int) string {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		w := formats.NewXYZWriter(f)
		for range 20 {
			m := &molecule.Molecule{Elements: make([]molecule.Element, atoms), Pos: make([][3]float64, atoms)}
			for i := range atoms {
				m.Elements[i], m.Pos[i] = molecule.C, [3]float64{1.5 * float64(i), float64(i % 2), 0}
			}
			if err := w.Write(m); err != nil {
				t.Fatal(err)
			}
		}
		return f.Name()
	}
	large, small := write("large.xyz", 52), write("small.xyz", 9)
	for _, c := range []struct {
		q    Request
		want float64
		says bool
	}{
		{Request{Data: large}, 3, true},
		{Request{Data: large, Set: []string{"network.normalization_factor=1.5"}}, 1.5, false},
		{Request{Data: small}, 1, false},
		{Request{Data: large, From: "qm9"}, 2.46, false}, // 51 neighbours, and 28 of the model's largest: to the power 3/2
		{Request{Data: small, From: "qm9"}, 1, false},
		{Request{Data: large, From: "qm9", Set: []string{"network.normalization_factor=1.5"}}, 1.5, false},
	} {
		c.q.Out = dir
		config, _, err := c.q.Place(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		var screen bytes.Buffer
		r, err := Prepare(config, 1, &screen)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Config.Network.NormFactor; got != c.want || r.Model.Config.Network.NormFactor != c.want {
			t.Errorf("%+v: sums over neighbours are divided by %v, want %v", c.q, got, c.want)
		}
		if says := strings.Contains(screen.String(), "52.0 atoms on average: what an atom hears from the others is divided by 3,"); says != c.says {
			t.Errorf("%+v: the screen says\n%s", c.q, &screen)
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
