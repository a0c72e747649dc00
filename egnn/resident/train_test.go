//go:build cublas && linux

package resident

import (
	"fmt"
	"math"
	"testing"

	"equifm/egnn"
	"equifm/flow"
)

// Fifty steps on a card have the losses and norms that they have on the processor, and end
// in the same parameters, average and optimiser's state; a run that moves from one to the
// other and back, too.
func TestShimFiftySteps(t *testing.T) {
	d := open(t)
	for k, optimizer := range []string{"muon", "adamw"} {
		t.Run(optimizer, func(t *testing.T) {
			c := shapes[k]
			here, _ := trainer(t, c, optimizer)
			there, net := trainer(t, c, optimizer)
			both, netBoth := trainer(t, c, optimizer)
			processor := both.Engine
			engine := func(tr *flow.Trainer[float32], net *egnn.Field[float32]) *Engine {
				e, err := NewEngine(d, net, tr, 1<<30)
				if err != nil {
					t.Fatal(err)
				}
				return e
			}
			there.Engine, both.Engine = engine(there, net), engine(both, netBoth)
			for step := range 50 {
				switch step {
				case 20:
					if err := both.Fetch(); err != nil {
						t.Fatal(err)
					}
					both.Engine = processor
				case 35:
					both.Engine = engine(both, netBoth)
				}
				want, err := here.Step()
				if err != nil {
					t.Fatal(err)
				}
				for _, tr := range []*flow.Trainer[float32]{there, both} {
					got, err := tr.Step()
					if err != nil {
						t.Fatal(err)
					}
					if off(got.Loss.Total, want.Loss.Total) > 1e-3 || off(got.Norm, want.Norm) > 1e-2 || got.Scale != want.Scale {
						t.Fatalf("step %d: loss %v, norm %v, not %v, %v", got.Step, got.Loss.Total, got.Norm, want.Loss.Total, want.Norm)
					}
				}
			}
			for _, tr := range []*flow.Trainer[float32]{there, both} {
				if err := tr.Fetch(); err != nil {
					t.Fatal(err)
				}
				alike(t, "parameters", tr.Net.Params().Data, here.Net.Params().Data)
				alike(t, "average", tr.Average.Data, here.Average.Data)
				a, b := tr.Optimizer.Named(""), here.Optimizer.Named("")
				if fmt.Sprint(tr.Average.Steps, len(a)) != fmt.Sprint(here.Average.Steps, len(b)) || tr.Average.Steps != 50 {
					t.Errorf("%d steps of the average, not %d", tr.Average.Steps, here.Average.Steps)
				}
			}
		})
	}
}

func off(got, want float64) float64 { return math.Abs(got-want) / math.Abs(want) }

// alike fails the test unless two slices are near, as a whole.
func alike(t *testing.T, what string, got, want []float32) {
	t.Helper()
	var d, w float64
	for i := range want {
		d += math.Pow(float64(got[i]-want[i]), 2)
		w += math.Pow(float64(want[i]), 2)
	}
	if !(d < 1e-4*w) {
		t.Errorf("%s: off by %v of %v", what, math.Sqrt(d), math.Sqrt(w))
	}
}
