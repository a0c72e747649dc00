package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// twoMoons are points on two half circles, one in the other's hollow, each the two
// features of a molecule of one atom at the origin.
func twoMoons[T autograd.Float](n int, rng *rand.Rand) []flow.Example[T] {
	points := make([]flow.Example[T], n)
	for i := range points {
		sin, cos := math.Sincos(math.Pi * rng.Float64())
		if i%2 == 1 {
			sin, cos = 0.5-sin, 1-cos
		}
		points[i].State = flow.State[T]{X: make([]T, 3),
			H: []T{T(cos + 0.05*rng.NormFloat64()), T(sin + 0.05*rng.NormFloat64())}}
	}
	return points
}

// straight is the path on which every point goes straight to its noise.
var straight = flow.Path{X: schedule.Linear{}, H: schedule.Linear{}}

// cloudNet is a vector field in the plane: (h, t) → q̂_h, its perceptrons in a chain.
type cloudNet[T autograd.Float] struct {
	params  nn.Params[T]
	in, out nn.MLP
}

func newCloudNet[T autograd.Float](rng *rand.Rand) *cloudNet[T] {
	n := new(cloudNet[T])
	n.in, n.out = nn.NewMLP(&n.params, "in", 3, 64, 64), nn.NewMLP(&n.params, "out", 64, 64, 2)
	for _, l := range []nn.Linear{n.in.First, n.in.Last, n.out.First, n.out.Last} {
		nn.InitLinear(&n.params, l, rng)
	}
	return n
}

func (n *cloudNet[T]) Params() *nn.Params[T] { return &n.params }

func (n *cloudNet[T]) Forward(t *autograd.Tape[T], v nn.View[T], _ []int, x, h, cond *autograd.Tensor[T]) (qx, qh *autograd.Tensor[T], err error) {
	hidden := autograd.SiLU(t, nn.ApplyMLP(t, v, n.in, autograd.Concat(t, h, cond)))
	return autograd.Scale(t, 0, x), nn.ApplyMLP(t, v, n.out, hidden), nil
}

// Flow matching whole: a network learns which way points go that come from noise,
// and noise that goes that way becomes points like those it learned from. With
//
//	go test ./flow -run twoMoons -svg moons.svg
//
// it draws both, in flow/moons.svg.
func Example_twoMoons() {
	data := twoMoons[float32](2000, rand.New(rand.NewPCG(1, 1)))
	net := newCloudNet[float32](rand.New(rand.NewPCG(2, 2)))
	tr, err := flow.NewTrainer(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 256, Shard: 64, EMA: 0.99, Seed: 3},
		net, nn.NewAdamW(net.Params()), data)
	if err != nil {
		panic(err)
	}
	const steps = 5000
	for _, err := range tr.Run(steps, flow.Rate{LR: 5e-3, Steps: steps, Cosine: true}.At) {
		if err != nil {
			panic(err)
		}
	}
	s := flow.Sampler[float32]{Net: net, Params: tr.Average.Data, Path: straight, Solver: flow.Heun, Steps: 30, Features: 2, Shard: 250, Seed: 4}
	points, stats, err := s.Sample(slices.Repeat([]int{1}, 1000), nil)
	if err != nil {
		panic(err)
	}
	for k, axis := range []string{"x", "y"} {
		mean, spread := meanAndSpread(points, k)
		wantMean, wantSpread := meanAndSpread(states(data), k)
		fmt.Println(axis, "mean", math.Abs(mean-wantMean) < 0.1, "spread", math.Abs(spread-wantSpread) < 0.1)
	}
	fmt.Println("near a moon", nearAMoon(points) > 0.9, "with", stats.NFE, "evaluations")
	drawMoons(data, points)
	// Output:
	// x mean true spread true
	// y mean true spread true
	// near a moon true with 59 evaluations
}
