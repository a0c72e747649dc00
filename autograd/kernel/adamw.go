package kernel

import "math"

// AdamWStep is one step's numbers, as torch.optim.AdamW(amsgrad=True) names them.
type AdamWStep struct {
	LR, WeightDecay, Beta1, Beta2, Eps float64

	T         int     // steps taken including this one: 1 at the first
	GradScale float64 // multiplies the gradient, as clipping asks: 1 for none
}

// AdamW takes one step of AdamW with amsgrad in one pass over memory. p are the
// parameters, m and v the running means of g and g², vmax the largest v so far;
// all are updated. grad is read, and scaled by s.GradScale:
//
//	p ← p·(1 − lr·wd)
//	m ← β₁·m + (1−β₁)·g     v ← β₂·v + (1−β₂)·g²     vmax ← max(vmax, v)
//	p ← p − lr/(1−β₁ᵗ) · m / (√vmax/√(1−β₂ᵗ) + ε)
//
// A NaN in grad reaches p, m, v and vmax, and stays there.
func AdamW[T Float](p, m, v, vmax, grad []T, s AdamWStep) {
	sameLen("AdamW", len(p), len(m), len(v), len(vmax), len(grad))
	if f := fast[T](); f != nil {
		c := s.constants32()
		f.adamW(ptr(p), ptr(m), ptr(v), ptr(vmax), ptr(grad), len(p), ptr(c[:]))
		return
	}
	adamWGo(p, m, v, vmax, grad, s)
}

func adamWGo[T Float](p, m, v, vmax, grad []T, s AdamWStep) {
	decay, step, root := T(s.decay()), T(s.step()), T(s.root())
	b1, c1 := T(s.Beta1), T(1-s.Beta1)
	b2, c2 := T(s.Beta2), T(1-s.Beta2)
	scale, eps := T(s.GradScale), T(s.Eps)
	for i := range p {
		g := scale * grad[i]
		m[i] = b1*m[i] + c1*g
		v[i] = b2*v[i] + c2*g*g
		if !(vmax[i] > v[i]) { // a NaN in v, which stays there, wins
			vmax[i] = v[i]
		}
		p[i] = decay*p[i] - step*m[i]/(root*T(math.Sqrt(float64(vmax[i])))+eps)
	}
}

// decay is 1 − lr·wd; step lr/(1−β₁ᵗ); root 1/√(1−β₂ᵗ).
func (s *AdamWStep) decay() float64 { return 1 - s.LR*s.WeightDecay }
func (s *AdamWStep) step() float64  { return s.LR / (1 - math.Pow(s.Beta1, float64(s.T))) }
func (s *AdamWStep) root() float64  { return 1 / math.Sqrt(1-math.Pow(s.Beta2, float64(s.T))) }

// constants32 is the step as the assembly reads it.
func (s *AdamWStep) constants32() [9]float32 {
	return [9]float32{
		float32(s.decay()), float32(s.step()), float32(s.root()),
		float32(s.Beta1), float32(1 - s.Beta1),
		float32(s.Beta2), float32(1 - s.Beta2),
		float32(s.GradScale), float32(s.Eps),
	}
}
