package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/flow"
	"equifm/nn"
	"equifm/nn/safetensors"
)

// descent is steepest descent with momentum, an optimiser in the smallest form.
type descent struct {
	params   *nn.Params[float64]
	velocity []float64 // laid out as the parameters
}

func (d *descent) Step(grad []float64, lr, scale float64, _ int) {
	for i, g := range grad {
		d.velocity[i] = 0.9*d.velocity[i] + scale*g
		d.params.Data[i] -= lr * d.velocity[i]
	}
}

func (d *descent) Named(prefix string) []safetensors.Tensor {
	return d.params.Named(prefix, d.velocity)
}

func (d *descent) Load(f *safetensors.File, prefix string, _ int) error {
	return d.params.Load(f, prefix, d.velocity)
}

// An optimiser of one's own is an nn.Optimizer, and a schedule of learning rates any
// function of the step. The loop's body sees each step and may end the training.
func ExampleTrainer_Run() {
	net := newCloudNet[float64](rand.New(rand.NewPCG(1, 1)))
	o := &descent{net.Params(), make([]float64, len(net.Params().Data))}
	tr, err := flow.NewTrainer(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 64, Shard: 64, Seed: 1},
		net, o, twoMoons[float64](500, rand.New(rand.NewPCG(2, 2))))
	if err != nil {
		panic(err)
	}
	inverseRoot := func(step int) float64 { return 0.2 / math.Sqrt(10+float64(step)) }
	var mean float64 // over the last steps or so
	for report, err := range tr.Run(1000, inverseRoot) {
		if err != nil {
			panic(err)
		}
		if mean = 0.95*mean + 0.05*report.Loss.H; report.Step > 100 && mean < 2.3 {
			break
		}
	}
	fmt.Println("good enough before the last step:", tr.Steps < 1000)
	// Output: good enough before the last step: true
}
