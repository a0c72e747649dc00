package nn

import "equifm/autograd"

// Linear is the layer y = x·Wᵀ + b, a pair of blocks in a Params.
type Linear struct {
	W Block // (out, in)
	B Block // (1, out); of length 0 without bias
}

// NewLinear adds name.weight (out, in) and name.bias (1, out) to p.
func NewLinear[T autograd.Float](p *Params[T], name string, in, out int) Linear {
	return Linear{W: p.Add(name+".weight", out, in), B: p.Add(name+".bias", 1, out)}
}

// NewLinearNoBias adds name.weight (out, in) to p.
func NewLinearNoBias[T autograd.Float](p *Params[T], name string, in, out int) Linear {
	return Linear{W: p.Add(name+".weight", out, in)}
}

// bias says whether the layer has one.
func (l Linear) bias() bool { return l.B.Len() > 0 }

// Apply returns x·Wᵀ + b for x (N, in) as an (N, out) tensor.
func Apply[T autograd.Float](t *autograd.Tape[T], v View[T], l Linear, x *autograd.Tensor[T]) *autograd.Tensor[T] {
	if !l.bias() {
		return autograd.Linear(t, x, v.Tensor(l.W), nil)
	}
	return autograd.Linear(t, x, v.Tensor(l.W), v.Tensor(l.B))
}
