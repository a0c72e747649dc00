package nn

import (
	"fmt"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv
// 1711.05101) and amsgrad's maximum (Reddi et al. 2018, arXiv 1904.09237), as
// torch.optim.AdamW(amsgrad=True) computes it.
//
// All fields are open: set LR before any step to follow a schedule, and save
// Steps, M, V and VMax to go on later.
type AdamW[T autograd.Float] struct {
	LR, WeightDecay, Beta1, Beta2, Eps float64

	Steps int // taken so far
	M     []T // running mean of the gradient, laid out as the parameters
	V     []T // running mean of its square
	VMax  []T // the largest V so far

	params *Params[T]
}

// NewAdamW returns the optimiser of every parameter of p, with EDM's settings
// for QM9: learning rate 1e-4, weight decay 1e-12; the rest is PyTorch's default.
func NewAdamW[T autograd.Float](p *Params[T]) *AdamW[T] {
	n := len(p.Data)
	return &AdamW[T]{
		LR: 1e-4, WeightDecay: 1e-12, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8,
		M: make([]T, n), V: make([]T, n), VMax: make([]T, n),
		params: p,
	}
}

// Step moves the parameters against scale·grad; scale is 1, or what a [Clipper]
// says. The same bits for any number of workers.
//
// A NaN in grad stays in the parameters for good: look at [Norm] first.
func (a *AdamW[T]) Step(grad []T, scale float64, workers int) {
	p := a.params.Data
	if len(grad) != len(p) || len(a.M) != len(p) {
		panic(fmt.Sprintf("nn: AdamW: %d gradients and %d means for %d parameters", len(grad), len(a.M), len(p)))
	}
	a.Steps++
	s := kernel.AdamWStep{
		LR: a.LR, WeightDecay: a.WeightDecay, Beta1: a.Beta1, Beta2: a.Beta2, Eps: a.Eps,
		T: a.Steps, GradScale: scale,
	}
	parallel(len(p), workers, func(_, lo, hi int) {
		kernel.AdamW(p[lo:hi], a.M[lo:hi], a.V[lo:hi], a.VMax[lo:hi], grad[lo:hi], s)
	})
}
