package nn

import (
	"slices"

	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn/safetensors"
)

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv
// 1711.05101) and amsgrad's maximum (Reddi et al. 2018, arXiv 1904.09237), as
// torch.optim.AdamW(amsgrad=True) computes it.
type AdamW[T autograd.Float] struct {
	WeightDecay, Beta1, Beta2, Eps float64

	Plain bool // without amsgrad: V itself, not the largest so far

	Steps int // taken so far
	M     []T // running mean of the gradient: the blocks it moves, one after the other
	V     []T // running mean of its square, laid out as M
	VMax  []T // the largest V so far, laid out as M

	params *Params[T]
	made   int     // parameters there were when it was made
	blocks []Block // that it moves
	runs   []run   // the same, neighbours joined
}

// run is n numbers of M, from at on, whose parameters start at offset.
type run struct{ at, offset, n int }

// NewAdamW returns the optimiser of every parameter of p, with EDM's setting for
// QM9, weight decay 1e-12 (and a learning rate of 1e-4 to go with it); the rest
// is PyTorch's default.
func NewAdamW[T autograd.Float](p *Params[T]) *AdamW[T] { return newAdamW(p, p.Blocks) }

// newAdamW is NewAdamW for some of p's blocks, in the order of p.
func newAdamW[T autograd.Float](p *Params[T], blocks []Block) *AdamW[T] {
	a := &AdamW[T]{
		WeightDecay: 1e-12, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8,
		params: p, made: len(p.Data), blocks: slices.Clone(blocks),
	}
	n := 0
	for _, b := range blocks {
		if last := len(a.runs) - 1; last >= 0 && a.runs[last].offset+a.runs[last].n == b.Offset {
			a.runs[last].n += b.Len()
		} else {
			a.runs = append(a.runs, run{at: n, offset: b.Offset, n: b.Len()})
		}
		n += b.Len()
	}
	a.M, a.V, a.VMax = make([]T, n), make([]T, n), make([]T, n)
	return a
}

// Step moves the parameters against scale·grad; see [Optimizer].
func (a *AdamW[T]) Step(grad []T, lr, scale float64, workers int) {
	a.params.mustStep("AdamW", grad, a.made)
	a.Steps++
	s := kernel.AdamWStep{
		LR: lr, WeightDecay: a.WeightDecay, Beta1: a.Beta1, Beta2: a.Beta2, Eps: a.Eps,
		T: a.Steps, GradScale: scale,
	}
	p := a.params.Data
	parts(len(a.M), workers, func(_, lo, hi int) {
		for _, r := range a.runs {
			lo, hi := max(lo, r.at), min(hi, r.at+r.n)
			if lo >= hi {
				continue
			}
			if a.Plain {
				clear(a.VMax[lo:hi]) // which then becomes V
			}
			d := r.offset - r.at
			kernel.AdamW(p[lo+d:hi+d], a.M[lo:hi], a.V[lo:hi], a.VMax[lo:hi], grad[lo+d:hi+d], s)
		}
	})
}

// Blocks returns the blocks that it moves, in the order in which M, V and VMax have them.
func (a *AdamW[T]) Blocks() []Block { return slices.Clone(a.blocks) }

// Named returns M, V and VMax under prefix and "m.", "v." and "vmax.".
func (a *AdamW[T]) Named(prefix string) []safetensors.Tensor { return named(a.state(prefix)...) }

// Load reads what Named wrote after so many steps; see [Optimizer].
func (a *AdamW[T]) Load(f *safetensors.File, prefix string, steps int) error {
	if err := load(f, a.state(prefix)...); err != nil {
		return err
	}
	a.Steps = steps
	return nil
}

func (a *AdamW[T]) state(prefix string) []section[T] {
	return []section[T]{
		{prefix + "m.", a.blocks, a.M, false},
		{prefix + "v.", a.blocks, a.V, true},
		{prefix + "vmax.", a.blocks, a.VMax, true},
	}
}
