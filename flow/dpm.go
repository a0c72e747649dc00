package flow

import (
	"math"

	"equifm/autograd"
	"equifm/flow/ode"
	"equifm/flow/schedule"
)

// dpmStep is one step of DPM-Solver++(2M) in data prediction, or with η > 0 of its
// stochastic form (Lu et al. 2022, arXiv 2211.01095, eq. 17 and SDE-DPM-Solver++):
// with D the end point predicted now, D' the one a step earlier, λ = log(α/σ),
// h = λ(next) - λ and r = e^{-h},
//
//	x ← State·x + Data·D + Change·(D - D') + Noise·n,   n new noise
//	State = σ'/σ·r^η, Data = α'·(1 - r^{1+η}), Noise = σ'·sqrt(1 - r^{2η})
//
// α' and σ' at the next time. The exponential is integrated exactly and D taken
// as linear in λ, so that the order is 2 for one evaluation a step; the noise is
// what the path's own diffusion adds, true where noise and data are independent.
type dpmStep struct{ State, Data, Change, Noise float64 }

// newDPMStep returns the step of a schedule from t to next; before is the time of
// D', or t for the first step, which has none.
func newDPMStep(s schedule.Schedule, before, t, next, eta float64) dpmStep {
	from, to := s.At(t), s.At(next)
	r := from.Alpha * to.Sigma / (to.Alpha * from.Sigma) // e^{-h}; 0 from α = 0, where no data shows
	step := dpmStep{
		State: to.Sigma / from.Sigma * math.Pow(r, eta),
		Data:  to.Alpha * (1 - math.Pow(r, 1+eta)),
		Noise: to.Sigma * math.Sqrt(1-math.Pow(r, 2*eta)),
	}
	earlier := s.At(before)
	if before == t || earlier.Alpha == 0 || r == 0 {
		return step // the change of D per λ is unknown
	}
	last := math.Log(from.Alpha * earlier.Sigma / (earlier.Alpha * from.Sigma))
	step.Change = step.Data / 2 * -math.Log(r) / last
	return step
}

// carry takes x one step, given D, D' and new noise.
func carry[T autograd.Float](d dpmStep, x, now, old, noise []T) {
	for i, v := range now {
		x[i] = T(d.State*float64(x[i]) + d.Data*float64(v) + d.Change*float64(v-old[i]) + d.Noise*float64(noise[i]))
	}
}

// dpm is the Scheme of DPM, and that of Ancestral: with η = 1 and D as it is, of order 1,
// a step draws from p(x_s|x_t) with D in the place of x₀ (Hoogeboom et al. 2022, arXiv
// 2203.17003; sample_p_zs_given_zt of the code). For with r = α_t·σ_s/(α_s·σ_t)
// and σ²_{t|s} = σ_t² - (α_t/α_s)²σ_s² = σ_t²·(1 - r²),
//
//	α_t/α_s·σ_s²/σ_t² = σ_s/σ_t·r = State,  α_s·σ²_{t|s}/σ_t² = Data,  σ_{t|s}·σ_s/σ_t = Noise
type dpm[T autograd.Float] struct {
	eta   float64
	first bool // of order 1
}

func (s dpm[T]) Solve(p *Problem[T], times []float64, y []T) (stats ode.Stats, err error) {
	now, old, noise := make([]T, len(y)), make([]T, len(y)), make([]T, len(y))
	x, n := p.Split(y), p.Split(noise)
	for i := 1; i < len(times); i++ {
		before, t, next := times[max(i-2, 0)], times[i-1], times[i]
		if err = p.again(&stats, next, t, y, noise, func(pass int) error {
			if s.first || pass > 0 { // D' was of a state that noise has moved since
				before = t
			}
			if err := p.EndPoint(t, y, now); err != nil {
				return err
			}
			stats.NFE++
			if s.eta > 0 {
				p.Noise(noise)
			}
			d, o := p.Split(now), p.Split(old)
			carry(newDPMStep(p.Path.X, before, t, next, s.eta), x.X, d.X, o.X, n.X)
			for _, c := range spansOf(p.Path, x) {
				step := newDPMStep(c, before, t, next, s.eta)
				c.each(func(from, to int) { carry(step, x.H[from:to], d.H[from:to], o.H[from:to], n.H[from:to]) })
			}
			return nil
		}); err != nil {
			return stats, err
		}
		now, old = old, now
	}
	return stats, nil
}

// drawEnd draws the molecule from the state y at t = 0, as EDM's sample_p_xh_given_z0
// does: x ~ N(x̂₀, (σ/α)²), and the features, which will be read as elements, as they are.
func (p *Problem[T]) drawEnd(t float64, y, data []T) error {
	end, noise := make([]T, len(y)), make([]T, len(y))
	if err := p.EndPoint(t, y, end); err != nil {
		return err
	}
	p.Noise(noise)
	x, n := p.Split(end), p.Split(noise)
	mix(p.Split(data).X, 1, x.X, p.Path.X.At(t).Ratio(), n.X)
	copy(p.Split(data).H, p.Split(y).H)
	return nil
}
