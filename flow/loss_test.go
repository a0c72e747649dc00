package flow_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/flow"
)

// The loss and its gradient, the angle term included, against finite differences.
func TestLossGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	sizes := []int{2, 1, 3}
	target := flow.State[float64]{X: gradcheck.Random(rng, 6, 3).Data, H: gradcheck.Random(rng, 6, 4).Data}
	for _, w := range []flow.Weights{{Features: 1}, flow.Published, {Angle: 2.5, Features: 10}} {
		gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
			loss, parts := flow.Loss(tape, in[0], in[1], target, sizes, 3, 1, w)
			if want := parts.X + w.Features*parts.H + w.Angle*parts.Angle; math.Abs(loss.Data[0]-want) > 1e-12 {
				t.Errorf("loss %v, its parts add up to %v", loss.Data[0], want)
			}
			return loss
		}, gradcheck.Random(rng, 6, 3), gradcheck.Random(rng, 6, 4))
	}
}

// A target shorter than 1e-8 has hardly a direction: of |q̂||q| the cosine divides by 1e-8
// instead, and is linear in q̂.
func TestLossGradientOfStill(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 3))
	target := flow.State[float64]{X: gradcheck.Random(rng, 6, 3).Data, H: make([]float64, 6)}
	for i := range target.X[:9] {
		target.X[i] *= 1e-9
	}
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		loss, _ := flow.Loss(tape, in[0], in[1], target, []int{2, 1, 3}, 3, 1, flow.Weights{Angle: 2.5})
		return loss
	}, gradcheck.Random(rng, 6, 3), gradcheck.Random(rng, 6, 1))
}

// Two molecules by hand: means over atoms, then over the batch.
func TestLossByHand(t *testing.T) {
	qx := autograd.Const(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 2})
	qh := autograd.Const(3, 1, []float64{1, 2, 3})
	target := flow.State[float64]{X: []float64{0, 0, 0, 0, 3, 0, 0, 0, -1}, H: []float64{0, 0, 0}}
	loss, parts := flow.Loss(autograd.NewTape[float64](), qx, qh, target, []int{2, 1}, 2, 0, flow.Weights{Angle: 0.5, Features: 3})
	want := flow.Parts{
		X:     ((1.0+4)/2 + 9) / 2,       // |1|², |1-3|²; |2-(-1)|²
		H:     ((1.0+4)/2 + 9) / 2,       // 1², 2²; 3²
		Angle: ((1.0+0)/2 + (1 + 1)) / 2, // no direction counts as a right angle; along; against
	}
	want.Total = want.X + 3*want.H + 0.5*want.Angle
	if parts != want || loss.Data[0] != want.Total {
		t.Errorf("%+v, loss %v; want %+v", parts, loss.Data[0], want)
	}
	tape := autograd.NewTape[float64]()
	_, published := flow.Loss(tape, qx, qh, target, []int{2, 1}, 2, 0, flow.Published)
	if published.Total != want.X+want.H+want.Angle {
		t.Errorf("as published: %+v", published)
	}
	if tape.Len() != 0 {
		t.Error("the loss of constants is recorded")
	}
}
