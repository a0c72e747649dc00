package flow

import (
	"math"

	"equifm/autograd"
	"equifm/flow/ode"
	"equifm/flow/schedule"
)

// Churn is how much noise the Stochastic and Karras solvers put back before a step:
// Karras et al. 2022 (arXiv 2206.00364) algorithm 2, for the paths here.
//
// A state at t is α·x₀ + σ·z. Before a step from t in [To, From] it is carried
// back to the time t̂ at which t/(1-t) is Factor times larger, by noise alone,
//
//	x ← (α̂/α)·x + sqrt(σ̂² - (α̂/α)²σ²)·n,   n new noise, centred for coordinates
//
// and the step starts there, Euler's or Heun's. Karras looks at σ/α of x's path, which on
// the straight one is t/(1-t) but for ε: Factor is of it, and From and To are those times'
// t/(1-t). Their S_churn is its steps times Factor - 1, S_tmin and S_tmax To and From.
//
// What was decided wrongly is so decided again. It
// holds only where noise and data are independent: with a transport z is not
// fresh noise, and the samples are ruined.
type Churn struct {
	Factor   float64 // γ ≥ 1, of t/(1-t)
	From, To float64 // the times, the later first, between which noise is put back
}

// back returns t̂, or t where no noise is put back.
func (c Churn) back(t float64) float64 {
	if t > c.From || t < c.To || c.Factor == 1 { // by rounding it would be a little later
		return t
	}
	s := c.Factor * t / (1 - t)
	return s / (1 + s)
}

// backOn is back by the noise of a schedule in units of its data.
func (c Churn) backOn(s schedule.Schedule, t float64) float64 {
	now := s.At(t).Ratio()
	if now > c.From/(1-c.From) || now < c.To/(1-c.To) || c.Factor == 1 {
		return t
	}
	return max(t, schedule.TimeOf(s, c.Factor*now))
}

// stochastic is the Scheme of Stochastic.
type stochastic[T autograd.Float] struct{ churn Churn }

func (s stochastic[T]) Solve(p *Problem[T], times []float64, y []T) (stats ode.Stats, err error) {
	dydt, noise := make([]T, len(y)), make([]T, len(y))
	for i := 1; i < len(times); i++ {
		t := s.churn.back(times[i-1])
		if err = p.again(&stats, times[i], times[i-1], y, noise, func(int) error {
			putBack(p, times[i-1], t, y, noise)
			if err := p.Velocity(t, y, dydt); err != nil {
				return err
			}
			stats.NFE++
			h := T(times[i] - t)
			for k, v := range dydt {
				y[k] += h * v
			}
			return nil
		}); err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// karras is the Scheme of Karras: algorithm 2 whole. On a VE path, where dx/dt is
// dx/dσ times a constant, it is theirs to the letter; their last step, to σ = 0 by Euler, is
// the sampler's closed form.
type karras[T autograd.Float] struct{ churn Churn }

func (s karras[T]) Solve(p *Problem[T], times []float64, y []T) (stats ode.Stats, err error) {
	first, second, ahead, noise := make([]T, len(y)), make([]T, len(y)), make([]T, len(y)), make([]T, len(y))
	for i := 1; i < len(times); i++ {
		t := s.churn.backOn(p.Path.X, times[i-1])
		if err = p.again(&stats, times[i], times[i-1], y, noise, func(int) error {
			putBack(p, times[i-1], t, y, noise)
			if err := p.Velocity(t, y, first); err != nil {
				return err
			}
			h := T(times[i] - t)
			for k, v := range first {
				ahead[k] = y[k] + h*v
			}
			if err := p.Velocity(times[i], ahead, second); err != nil {
				return err
			}
			stats.NFE += 2
			for k := range y {
				y[k] += h / 2 * (first[k] + second[k])
			}
			return nil
		}); err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// again takes a step from t to next as often as Sampler.Resample asks: before all but the
// first time noise alone carries the state back to t (Lugmayr et al. 2022, arXiv
// 2201.09865, algorithm 1, with U times). So what is made meets what is given more than once
// at every time. noise is as long as y.
func (p *Problem[T]) again(stats *ode.Stats, next, t float64, y, noise []T, step func(pass int) error) error {
	for pass := range max(p.sampler.Resample, 1) {
		if pass > 0 {
			putBack(p, next, t, y, noise)
		}
		if err := step(pass); err != nil {
			return err
		}
		stats.Steps++
		if err := ode.CheckFinite(y); err != nil {
			return err
		}
	}
	return nil
}

// putBack carries every molecule back from t to a later time, by noise alone.
func putBack[T autograd.Float](p *Problem[T], t, back float64, y, noise []T) {
	if back <= t {
		return
	}
	p.Noise(noise)
	x, n := p.Split(y), p.Split(noise)
	diffuse(p.Path.X, t, back, x.X, n.X)
	for _, c := range spansOf(p.Path, x) {
		c.each(func(from, to int) { diffuse(c, t, back, x.H[from:to], n.H[from:to]) })
	}
}

// diffuse carries x from t back to a later time by noise alone.
func diffuse[T autograd.Float](s schedule.Schedule, t, back float64, x, noise []T) {
	now, then := s.At(t), s.At(back)
	keep := then.Alpha / now.Alpha
	mix(x, keep, x, math.Sqrt(math.Max(then.Sigma*then.Sigma-keep*keep*now.Sigma*now.Sigma, 0)), noise)
}
