package flow_test

import (
	"math"
	"strings"
	"testing"

	"equifm/eot"
	"equifm/flow"
	"equifm/nn"
)

// A loss that is not finite names step, seed and the molecules that it is of, and what a
// network says of its own numbers has them beside it.
func TestFaultNonFiniteLossNamesMolecules(t *testing.T) {
	s := settings(2)
	s.Align.Mode, s.Batch = eot.None, 23
	examples := someMolecules[float64](23)
	examples[6].H[0], examples[20].H[1] = math.Inf(1), math.Inf(-1)
	net := &silent{}
	tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tr.Step()
	if err == nil || !strings.Contains(err.Error(), "step 1, seed 5: loss ") || !strings.Contains(err.Error(), "of molecules 7, 21 of the data:") {
		t.Errorf("error %v", err)
	}
	one := newTrainer(t, 2)
	one.Net.Params().Data[0] = float32(math.NaN())
	if _, err := one.Step(); err == nil || !strings.Contains(err.Error(), "step 1, seed 5: egnn: ") || !strings.Contains(err.Error(), "it is of molecules ") || one.Steps != 0 {
		t.Errorf("error %v", err)
	}
}

// The losses by t of a step are its loss, taken apart: every molecule is in the tenth of
// its time, whatever the features' loss is.
func TestLossByTimeAddsUp(t *testing.T) {
	for _, h := range []flow.FeatureOutput{flow.FeatureVelocity, flow.FeatureTypes} {
		s := settings(2)
		s.Output.H, s.Output.Types, s.Output.Scale = h, 2, 0.25
		tr := trainerOf(t, s, someMolecules[float32](23))
		for range 3 {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			var sum flow.Parts
			n, bins := 0, 0
			for k, p := range r.ByTime {
				sum.X, sum.H, n = sum.X+p.X/float64(s.Batch), sum.H+p.H/float64(s.Batch), n+r.Count[k]
				if r.Count[k] > 0 {
					bins++
				} else if p != (flow.Parts{}) {
					t.Errorf("%v: a loss %+v of no molecules", h, p)
				}
			}
			if n != s.Batch || bins < 3 || math.Abs(sum.X/r.Loss.X-1) > 1e-9 || math.Abs(sum.H/r.Loss.H-1) > 1e-9 {
				t.Errorf("%v: %d molecules in %d tenths, %+v; the loss is %+v", h, n, bins, sum, r.Loss)
			}
		}
	}
}
