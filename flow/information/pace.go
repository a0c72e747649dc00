package information

import (
	"fmt"
	"math"

	"equifm/flow"
	"equifm/flow/schedule"
)

// Pace is an objective that ranks schedules, with what it takes to make it small.
//
// A loss on what a network predicts cannot, for it is smaller where the schedule shows
// more. But by dI/ds = ½·mmse(s), the rate at which a molecule's information comes,
//
//	ρ(t) = ½·|ds/dt|·error(s(t))        nat in unit time
//
// adds up to the same information whatever the schedule is. How unevenly it comes is
//
//	J = mean ρ²/(mean ρ)² ≥ 1           over times from End to 1
//
// whose least, 1, is an even rate: no step of a sampler then has more to decide than
// another, and a loss that weighs errors by ρ has its least variance over t, by which
// Kingma et al. 2021 (arXiv 2107.00630, section 5) learn their schedule. The error is that of
// the network at hand, by s, and is taken as it is while the schedule moves a little.
type Pace struct {
	logS, logError []float64 // rising in logS
	end            float64
}

// paceTimes is over how many times J is the mean.
const paceTimes = 128

// NewPace returns the objective for errors of guesses, means over molecules, that were
// measured along a schedule at falling times, the last of which is End.
func NewPace(s schedule.Schedule, times, errors []float64) (*Pace, error) {
	if len(times) < 3 || len(errors) != len(times) {
		return nil, fmt.Errorf("information: %d times and %d errors, expected 3 of each or more", len(times), len(errors))
	}
	p := &Pace{end: times[len(times)-1]}
	for k, t := range times {
		r, e := ratio(s, t), errors[k]
		if !(e >= 0) || math.IsInf(e+r, 0) || !(r > 0) {
			return nil, fmt.Errorf("information: an error of %v where the ratio of signal to noise is %v, t = %v", e, r, t)
		}
		if n := len(p.logS); n > 0 && math.Log(r) <= p.logS[n-1] {
			return nil, fmt.Errorf("information: time %v at place %d, expected falling times", t, k+1)
		}
		p.logS, p.logError = append(p.logS, math.Log(r)), append(p.logError, math.Log(max(e, 1e-12)))
	}
	return p, nil
}

// rate returns F = s(1+s)·error, by which ρ = ½·T'·F, and dF/dT at an exponent T, for
// which s = 1/(e^T - 1).
func (p *Pace) rate(T float64) (F, dF float64) {
	s := 1 / math.Expm1(max(T, 1e-9))
	place := math.Log(s)
	const d = 1e-3
	e := between(p.logS, p.logError, place)
	slope := (between(p.logS, p.logError, place+d) - between(p.logS, p.logError, place-d)) / (2 * d)
	F = s * (1 + s) * math.Exp(e)
	return F, -F * (1 + s) * (1 + s/(1+s) + slope) // ds/dT = -s(1+s)
}

// J returns the objective, and its gradient into grad unless that is nil.
func (p *Pace) J(l *schedule.Learned, grad []float64) float64 {
	n := len(l.Theta)
	rho, byTheta := make([]float64, paceTimes), make([]float64, paceTimes*n)
	gT, gRate := make([]float64, n), make([]float64, n)
	var mean, squares float64
	for i := range rho {
		t := p.end + (1-p.end)*(float64(i)+0.5)/paceTimes
		T, dT := l.Exponent(t)
		F, dF := p.rate(T)
		rho[i] = dT * F / 2
		mean += rho[i] / paceTimes
		squares += rho[i] * rho[i] / paceTimes
		l.Gradient(t, gT, gRate)
		for k := range n {
			byTheta[i*n+k] = (gRate[k]*F + dT*dF*gT[k]) / 2
		}
	}
	clear(grad)
	for i := range rho { // J = squares/mean²
		d := (2*rho[i]/(mean*mean) - 2*squares/(mean*mean*mean)) / paceTimes
		for k := range grad {
			grad[k] += d * byTheta[i*n+k]
		}
	}
	return squares / (mean * mean)
}

// Move takes steps of so much downhill, by Adam's rule, and returns J before and after.
// A move that would not make it smaller is taken back.
func (p *Pace) Move(l *schedule.Learned, steps int, size float64) (before, after float64) {
	n := len(l.Theta)
	was, best := append([]float64(nil), l.Theta...), append([]float64(nil), l.Theta...)
	grad, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	before = p.J(l, grad)
	after = before
	for k := 1; k <= steps; k++ {
		c, d := 1-math.Pow(0.9, float64(k)), 1-math.Pow(0.99, float64(k))
		for i, g := range grad {
			m[i], v[i] = 0.9*m[i]+0.1*g, 0.99*v[i]+0.01*g*g
			l.Theta[i] -= size * (m[i] / c) / (math.Sqrt(v[i]/d) + 1e-12)
		}
		if j := p.J(l, grad); j < after {
			after = j
			copy(best, l.Theta)
		}
	}
	copy(l.Theta, best)
	if !(after <= before) { // NaN
		copy(l.Theta, was)
		after = before
	}
	return before, after
}

// Mean returns the mean error of molecules by time, of the features that go by the
// path's H: all of them, or all but the last.
func (e *Errors) Mean(p flow.Path) []float64 {
	mean := make([]float64, len(e.Times))
	for m := range e.Atoms {
		for k := range mean {
			of := e.H[m][k]
			if p.Z == nil {
				of += e.Z[m][k]
			}
			mean[k] += of / float64(len(e.Atoms))
		}
	}
	return mean
}
