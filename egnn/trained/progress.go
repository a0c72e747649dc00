package trained

import (
	"equifm/autograd"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn"
)

// usualNFE is how often dopri5, which finds it out as it goes, is taken to evaluate the
// network: what the paper says it does.
const usualNFE = 200

// Evaluations returns how often a molecule's network is evaluated, of dopri5 about.
func Evaluations(s config.Sample) (nfe int) {
	switch k := s.Steps; s.Solver {
	case flow.Dopri5:
		nfe = usualNFE
	case flow.Midpoint, flow.Heun, flow.Karras:
		nfe = 2*k - 1
	case flow.RK4:
		nfe = 4*k - 3
	case flow.Ancestral:
		nfe = k + 1
	default:
		nfe = k
	}
	if r := s.Resample; r > 1 && s.Solver >= flow.Stochastic {
		const last = 1 // the closed form, or the draw, at the end
		nfe = r*(nfe-last) + last
	}
	if s.Guidance > 0 {
		nfe *= 2
	}
	return nfe
}

// telling is a network that tells how much of a sample each evaluation is, in molecules.
type telling struct {
	flow.Network[float32]
	told func(molecules float64)
	nfe  int
}

func (n telling) Forward(t *autograd.Tape[float32], v nn.View[float32], sizes []int, x, h, cond *autograd.Tensor[float32]) (qx, qh *autograd.Tensor[float32], err error) {
	qx, qh, err = n.Network.Forward(t, v, sizes, x, h, cond)
	n.told(float64(len(sizes)) / float64(n.nfe))
	return qx, qh, err
}
