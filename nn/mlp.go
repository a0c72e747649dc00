package nn

import "equifm/autograd"

// MLP is Linear → SiLU → Linear, the two-layer perceptron of every update in an
// EGNN. Its blocks are name.0 and name.2, as in PyTorch's nn.Sequential, where
// the activation is number 1.
type MLP struct{ First, Last Linear }

// NewMLP adds the blocks of in → hidden → out to p.
func NewMLP[T autograd.Float](p *Params[T], name string, in, hidden, out int) MLP {
	return MLP{NewLinear(p, name+".0", in, hidden), NewLinear(p, name+".2", hidden, out)}
}

// ApplyMLP returns Last(SiLU(First(x))) for x (N, in) as an (N, out) tensor.
func ApplyMLP[T autograd.Float](t *autograd.Tape[T], v View[T], m MLP, x *autograd.Tensor[T]) *autograd.Tensor[T] {
	return Apply(t, v, m.Last, autograd.SiLU(t, Apply(t, v, m.First, x)))
}
