//go:build cublas && linux

package resident

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"equifm/egnn"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// molecules are a few with positions and one-hot features, to learn.
func molecules(c egnn.Config) (examples []flow.Example[float32]) {
	rng := rand.New(rand.NewPCG(7, 8))
	for k := range 12 {
		n := 2 + k%6
		e := flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 3*n), H: make([]float32, n*c.Features)}, Context: make([]float32, c.Context)}
		flow.CentredNormal(rng, e.X)
		for i := range n {
			e.H[i*c.Features+rng.IntN(c.Features)] = 0.25
		}
		examples = append(examples, e)
	}
	return examples
}

// trainer returns one of a network by the recipe: residual coordinates, end points of
// features, the pair loss.
func trainer(t testing.TB, c egnn.Config, optimizer string) (*flow.Trainer[float32], *egnn.Field[float32]) {
	t.Helper()
	net, err := egnn.New[float32](c)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(rand.New(rand.NewPCG(1, 0)))
	var o nn.Optimizer[float32] = nn.NewAdamW(net.Params())
	if optimizer == "muon" {
		m := nn.NewMuon(net.Params(), net.Matrices())
		m.Rest.WeightDecay = 0.01
		o = m
	}
	tr, err := flow.NewTrainer(flow.Settings{Path: flow.Path{X: schedule.Linear{}, H: schedule.VPLinear},
		Output:  flow.Output{X: flow.CoordinateResidual, H: flow.FeatureEndPoint, Moments: flow.Moments{Data: 1, Noise: 1}},
		Weights: flow.Weights{Angle: 1, Features: 10, Pair: 0.3, PairCutoff: 2, PairUntil: 0.5},
		Batch:   8, Shard: 4, EMA: 0.99, Warm: true, Seed: 3, Workers: 1}, net, o, molecules(c))
	if err != nil {
		t.Fatal(err)
	}
	tr.LR = 3e-3
	return tr, net
}

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
