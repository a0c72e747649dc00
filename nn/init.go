package nn

import (
	"math"
	"math/rand/v2"

	"equifm/autograd"
)

// InitLinear draws the weights and biases of l as PyTorch's nn.Linear does:
// uniform in ±1/sqrt(in) (Kaiming uniform with a = sqrt(5), torch.nn.Linear).
func InitLinear[T autograd.Float](p *Params[T], l Linear, rng *rand.Rand) {
	bound := 1 / math.Sqrt(float64(l.W.Cols))
	uniform(p.Slice(l.W), bound, rng)
	if l.bias() {
		uniform(p.Slice(l.B), bound, rng)
	}
}

// InitXavier draws the weights of l uniform in ±gain·sqrt(6/(in+out)) (Glorot and
// Bengio 2010; torch.nn.init.xavier_uniform_) and leaves the bias as it is.
func InitXavier[T autograd.Float](p *Params[T], l Linear, gain float64, rng *rand.Rand) {
	uniform(p.Slice(l.W), gain*math.Sqrt(6/float64(l.W.Rows+l.W.Cols)), rng)
}

func uniform[T autograd.Float](x []T, bound float64, rng *rand.Rand) {
	for i := range x {
		x[i] = T(bound * (2*rng.Float64() - 1))
	}
}
