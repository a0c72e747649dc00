package schedule

import (
	"fmt"
	"math"
)

// Learned is a variance-preserving schedule with parameters. Its rate T' is
// positive and linear between K+1 evenly spaced knots,
//
//	p_k = softplus(Theta_k),  T'(t) = T(1)·p(t)/∫p
//
// so that T rises monotonically from 0 to the T(1) of vp-linear whatever Theta
// is, with a continuous derivative, as the higher-order solvers want it.
// Theta must not change while At is in use.
type Learned struct {
	Theta []float64 // (K+1)
}

// NewLearned returns a schedule of k intervals that equals vp-linear, whose rate
// is linear too.
func NewLearned(k int) *Learned {
	if k < 1 {
		panic(fmt.Sprintf("schedule: NewLearned: %d intervals", k))
	}
	l := &Learned{Theta: make([]float64, k+1)}
	for i := range l.Theta {
		_, dT := linearExponent(float64(i) / float64(k))
		l.Theta[i] = math.Log(math.Expm1(dT)) // the inverse of softplus
	}
	return l
}

func (l *Learned) String() string { return "learned" }

// At evaluates the schedule.
func (l *Learned) At(t float64) Coefficients { return preserving(t, l.Exponent) }

// Exponent returns T and T' at t.
func (l *Learned) Exponent(t float64) (T, dT float64) {
	var rate, area, total float64 // p(t), ∫₀ᵗp, ∫₀¹p
	for i, theta := range l.Theta {
		p := softplus(theta)
		hat, sofar, whole := l.hat(i, t)
		rate, area, total = rate+p*hat, area+p*sofar, total+p*whole
	}
	return endExponent * area / total, endExponent * rate / total
}

// Gradient writes ∂T/∂Theta and ∂T'/∂Theta at t.
func (l *Learned) Gradient(t float64, gT, gRate []float64) {
	if len(gT) != len(l.Theta) || len(gRate) != len(l.Theta) {
		panic(fmt.Sprintf("schedule: Learned.Gradient: %d parameters, gradients of %d and %d", len(l.Theta), len(gT), len(gRate)))
	}
	T, dT := l.Exponent(t)
	var total float64
	for i, theta := range l.Theta {
		_, _, whole := l.hat(i, t)
		total += softplus(theta) * whole
	}
	for i, theta := range l.Theta {
		hat, sofar, whole := l.hat(i, t)
		dp := 1 / (1 + math.Exp(-theta)) // p = softplus(theta)
		gT[i] = (endExponent*sofar - T*whole) / total * dp
		gRate[i] = (endExponent*hat - dT*whole) / total * dp
	}
}

// hat returns the i-th hat function at t, its integral up to t, and over [0, 1].
func (l *Learned) hat(i int, t float64) (value, sofar, whole float64) {
	k := float64(len(l.Theta) - 1)
	u := k*t - float64(i) // distance from the knot in intervals
	value = max(0, 1-math.Abs(u))
	return value, (ramp(u) - ramp(-float64(i))) / k, (ramp(k-float64(i)) - ramp(-float64(i))) / k
}

// ramp is the integral of max(0, 1-|u|) from -1 to u.
func ramp(u float64) float64 {
	u = min(max(u, -1), 1)
	if u < 0 {
		return (1 + u) * (1 + u) / 2
	}
	return 1 - (1-u)*(1-u)/2
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
