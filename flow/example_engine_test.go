package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/flow"
	"equifm/nn"
)

// whole takes the gradient of a batch in one piece, on one tape. One for a device
// looks the same: it sends the batch there, calls idle while it waits, and fetches
// the gradient.
type whole struct {
	net  flow.Network[float64]
	tape *autograd.Tape[float64]
	grad []float64
}

func (w *whole) Gradient(b *flow.Batch[float64], idle func()) ([]float64, flow.Parts, error) {
	w.tape.Reset()
	clear(w.grad)
	p, err := b.Predict(w.tape, w.net, w.net.Params().Bind(w.grad))
	if err != nil {
		return nil, flow.Parts{}, err
	}
	loss, parts := b.Objective(w.tape, p)
	w.tape.Backward(loss)
	idle()
	return w.grad, parts, nil
}

// Whoever takes gradients of batches is an Engine.
func ExampleEngine() {
	var loss [2]float64
	for i := range loss {
		net := newCloudNet[float64](rand.New(rand.NewPCG(1, 1)))
		tr, err := flow.NewTrainer(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 64, Shard: 8, Seed: 1},
			net, nn.NewAdamW(net.Params()), twoMoons[float64](500, rand.New(rand.NewPCG(2, 2))))
		if err != nil {
			panic(err)
		}
		if i == 1 {
			tr.Engine = &whole{net, autograd.NewTape[float64](), make([]float64, len(net.Params().Data))}
		}
		for report, err := range tr.Run(50, flow.Rate{LR: 1e-3, Warmup: 10}.At) {
			if err != nil {
				panic(err)
			}
			loss[i] = report.Loss.Total
		}
	}
	fmt.Println("shards and one piece agree after 50 steps:", math.Abs(loss[0]-loss[1]) < 1e-9)
	// Output: shards and one piece agree after 50 steps: true
}
