package flow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/egnn"
	"equifm/flow"
	"equifm/nn"
)

// plain is the processor's engine with gradients that are cleared, and only added to.
type plain struct{ net flow.Network[float32] }

func (e *plain) Gradient(b *flow.Batch[float32], _ func()) ([]float32, flow.Parts, error) {
	sum, total := make([]float32, len(e.net.Params().Data)), flow.Parts{}
	var grads [][]float32
	for k := range b.Shards {
		grad, tape, part := make([]float32, len(sum)), autograd.NewTape[float32](), b.Part(k)
		p, err := part.Predict(tape, e.net, e.net.Params().Bind(grad))
		if err != nil {
			return nil, total, err
		}
		loss, parts := part.Objective(tape, p)
		tape.Backward(loss)
		grads, total.Total = append(grads, grad), total.Total+parts.Total
	}
	nn.SumShards(sum, grads, 1)
	return sum, total, nil
}

// Gradients that are stored, step after step over those of the step before, are to the bit
// those that are added to zeros.
func TestStoredGradientsAreCleared(t *testing.T) {
	for _, reference := range []bool{false, true} {
		var got [2][]float32
		for i, workers := range []int{1, 3} {
			c := egnn.QM9()
			c.Features, c.Hidden, c.Edge, c.Layers = 3, 40, 24, 2
			net, err := egnn.New[float32](c)
			if err != nil {
				t.Fatal(err)
			}
			net.Init(rand.New(rand.NewPCG(1, 1)))
			net.Reference = reference
			tr, err := flow.NewTrainer(settings(workers), net, nn.NewAdamW(net.Params()), someMolecules[float32](23))
			if err != nil {
				t.Fatal(err)
			}
			if workers == 1 {
				tr.Engine = &plain{net}
			}
			steps(t, tr, 5)
			got[i] = net.Params().Data
		}
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("reference %v: other bits", reference)
		}
	}
}
