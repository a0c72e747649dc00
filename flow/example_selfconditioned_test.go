package flow_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"equifm/autograd"
	"equifm/flow"
	"equifm/nn"
)

// knowingNet is a cloudNet that looks at the point it saw a step earlier, too:
// (h, t, ĥ₀) → q̂_h.
type knowingNet[T autograd.Float] struct{ cloudNet[T] }

func newKnowingNet[T autograd.Float](rng *rand.Rand) *knowingNet[T] {
	n := new(knowingNet[T])
	n.in, n.out = nn.NewMLP(&n.params, "in", 5, 64, 64), nn.NewMLP(&n.params, "out", 64, 64, 2)
	for _, l := range []nn.Linear{n.in.First, n.in.Last, n.out.First, n.out.Last} {
		nn.InitLinear(&n.params, l, rng)
	}
	return n
}

func (n *knowingNet[T]) ForwardGiven(t *autograd.Tape[T], v nn.View[T], sizes []int, x, h, cond, _, h0 *autograd.Tensor[T]) (qx, qh *autograd.Tensor[T], err error) {
	return n.Forward(t, v, sizes, x, autograd.Concat(t, h, h0), cond)
}

// A network with the method ForwardGiven is shown the end point that it saw before.
// Trainer and Sampler are called as for any other.
func ExampleSelfConditioned() {
	data := twoMoons[float32](2000, rand.New(rand.NewPCG(1, 1)))
	net := newKnowingNet[float32](rand.New(rand.NewPCG(2, 2)))
	tr, err := flow.NewTrainer(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 256, Shard: 64, EMA: 0.99, Seed: 3},
		net, nn.NewAdamW(net.Params()), data)
	if err != nil {
		panic(err)
	}
	const steps = 2000
	for _, err := range tr.Run(steps, flow.Rate{LR: 5e-3, Steps: steps, Cosine: true}.At) {
		if err != nil {
			panic(err)
		}
	}
	s := flow.Sampler[float32]{Net: net, Params: tr.Average.Data, Path: straight, Solver: flow.Euler, Steps: 30, Features: 2, Shard: 250, Seed: 4}
	points, stats, err := s.Sample(slices.Repeat([]int{1}, 1000), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println("near a moon", nearAMoon(points) > 0.75, "with", stats.NFE, "evaluations")
	// Output: near a moon true with 30 evaluations
}
