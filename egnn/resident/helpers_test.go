package resident

import (
	"math/rand/v2"
	"testing"

	"equifm/egnn"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// shapes are networks with every key of their configuration either way.
var shapes = []egnn.Config{
	{Features: 3, Hidden: 9, Layers: 2, Attention: true, Tanh: true, CoordsRange: 2, NormConstant: 1, NormFactor: 1},
	{Features: 2, Context: 2, Hidden: 7, Edge: 4, Layers: 3, Attention: true, Tanh: true, CoordsRange: 15, NormConstant: 1, NormFactor: 3},
	{Features: 2, Hidden: 5, Edge: 6, Layers: 1, CoordsRange: 1, NormConstant: 0.5, NormFactor: 1},
}

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
