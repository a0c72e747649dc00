package nn

import (
	"fmt"

	"equifm/autograd"
	"equifm/nn/safetensors"
)

// Optimizer moves the parameters of one model against a gradient: [AdamW] and
// [Muon] are two.
type Optimizer[T autograd.Float] interface {
	// Step moves the parameters against scale·grad, flat and laid out as they
	// are, at learning rate lr. Scale is 1, or what a [Clipper] says. The same
	// bits for any number of workers.
	//
	// A NaN in grad stays in the parameters for good: look at [Norm] first.
	Step(grad []T, lr, scale float64, workers int)

	// Named returns the state under prefix, to save; a view of it, no copy.
	// The number of steps is not in it: it is the caller's to keep, with the
	// rest of the training.
	Named(prefix string) []safetensors.Tensor

	// Load reads what Named wrote after so many steps. It looks at every name,
	// type and shape before it changes anything.
	Load(f *safetensors.File, prefix string, steps int) error
}

var (
	_ Optimizer[float32] = (*AdamW[float32])(nil)
	_ Optimizer[float32] = (*Muon[float32])(nil)
)

// mustStep panics unless grad fits p and p still has the parameters that an
// optimiser was made for.
func (p *Params[T]) mustStep(op string, grad []T, made int) {
	if len(grad) != len(p.Data) || made != len(p.Data) {
		panic(fmt.Sprintf("nn: %s of %d parameters: %d gradients for %d parameters", op, made, len(grad), len(p.Data)))
	}
}
