package ode

import (
	"errors"
	"fmt"
	"math"

	"equifm/autograd"
)

// Dormand and Prince 1980, as in Hairer, Nørsett, Wanner, Solving Ordinary
// Differential Equations I, table II.5.2. The last stage is the slope at the new
// state and serves as the first of the next step (FSAL), so that a step costs
// six evaluations.
var dopri5 = tableau{
	c: []float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1},
	a: [][]float64{
		{},
		{1. / 5},
		{3. / 40, 9. / 40},
		{44. / 45, -56. / 15, 32. / 9},
		{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
		{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
		{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}, // = b
	},
}

// dopri5Error is b minus the weights of the embedded fourth-order method.
var dopri5Error = []float64{71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40}

// Step control as in SciPy's RK45: the next step is the one that would have
// given an error of 1, times safety, within bounds.
const (
	stepSafety   = 0.9
	stepShrink   = 0.2
	stepGrow     = 10
	stepExponent = -1. / 5 // the error of a step goes as its fifth power
)

var errUnderflow = errors.New("step size underflow")

// adaptive carries y from t to end and returns the time it reached.
func (in *Integrator[T]) adaptive(f Derivative[T], t, end float64, y []T) (float64, error) {
	if t == end {
		return t, nil
	}
	if err := in.eval(f, t, y, in.k[0]); err != nil {
		return t, err
	}
	if err := CheckFinite(in.k[0]); err != nil {
		return t, err
	}
	h, err := in.firstStep(f, t, end, y)
	for err == nil && t != end {
		smallest := 10 * math.Abs(math.Nextafter(t, end)-t)
		t, h, err = in.adaptiveStep(f, t, end, max(h, smallest), smallest, y)
	}
	return t, err
}

// adaptiveStep tries steps of h and less until one is accepted; it returns the
// new time and the step to try next.
func (in *Integrator[T]) adaptiveStep(f Derivative[T], t, end, h, smallest float64, y []T) (float64, float64, error) {
	dir, rejected := math.Copysign(1, end-t), false
	for h >= smallest {
		to := t + dir*h
		if dir*(to-end) > 0 {
			to = end
		}
		if err := in.stages(f, t, to-t, y); err != nil {
			return t, h, err
		}
		size := math.Abs(to - t)
		e := in.errorNorm(to-t, y)
		factor := min(max(stepSafety*math.Pow(e, stepExponent), stepShrink), stepGrow)
		if e < 1 {
			if rejected {
				factor = min(factor, 1)
			}
			copy(y, in.next)
			in.k[0], in.k[6] = in.k[6], in.k[0]
			in.stats.Steps++
			return to, size * factor, nil
		}
		if math.IsNaN(e) || math.IsInf(e, 0) { // the trial state overflowed; a shorter step may not
			factor = stepShrink
		}
		h, rejected = size*factor, true
		in.stats.Rejected++
	}
	if err := CheckFinite(in.k[6]); err != nil {
		return t, h, fmt.Errorf("%w: %w", errUnderflow, err)
	}
	return t, h, errUnderflow
}

// stages fills k[1..6] and leaves the new state in next; k[0] is the slope at y.
func (in *Integrator[T]) stages(f Derivative[T], t, h float64, y []T) error {
	for s := 1; s < 7; s++ {
		in.combine(in.next, y, h, dopri5.a[s])
		if err := in.eval(f, t+dopri5.c[s]*h, in.next, in.k[s]); err != nil {
			return err
		}
	}
	return nil
}

// errorNorm is the root mean square of the estimated error of the step from y to
// next, in units of the tolerance; below 1 the step is good.
func (in *Integrator[T]) errorNorm(h float64, y []T) float64 {
	if len(y) == 0 {
		return 0
	}
	var sum float64
	for i := range y {
		var e float64
		for j, w := range dopri5Error {
			e += w * float64(in.k[j][i])
		}
		scale := in.scale(i, y, in.next)
		if math.IsInf(scale, 0) {
			return scale // a state that overflowed would pass for exact
		}
		e *= h / scale
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(y)))
}

// scale is the error that number i of a state may have between a and b: by its own size,
// or by that of the vector that it is of, root mean square.
func (in *Integrator[T]) scale(i int, a, b []T) float64 {
	size := max(math.Abs(float64(a[i])), math.Abs(float64(b[i])))
	if i < in.vectors {
		k := i - i%3
		size = max(length(a[k:k+3]), length(b[k:k+3])) / math.Sqrt(3)
	}
	return in.control.ATol + in.control.RTol*size
}

// length is that of a vector of three.
func length[T autograd.Float](v []T) float64 {
	return math.Sqrt(float64(v[0])*float64(v[0]) + float64(v[1])*float64(v[1]) + float64(v[2])*float64(v[2]))
}

// firstStep guesses a step from the size of the slope and of its change:
// Hairer et al., section II.4. It costs one evaluation.
func (in *Integrator[T]) firstStep(f Derivative[T], t, end float64, y []T) (float64, error) {
	dir := math.Copysign(1, end-t)
	d0, d1 := in.scaledNorm(y, y, nil), in.scaledNorm(y, in.k[0], nil)
	h0 := 1e-6
	if d0 >= 1e-5 && d1 >= 1e-5 {
		h0 = 0.01 * d0 / d1
	}
	h0 = min(h0, math.Abs(end-t)) // the field may not be defined beyond
	in.combine(in.next, y, dir*h0, []float64{1})
	if err := in.eval(f, t+dir*h0, in.next, in.k[1]); err != nil {
		return 0, err
	}
	d2 := in.scaledNorm(y, in.k[1], in.k[0]) / h0
	h1 := max(1e-6, 1e-3*h0)
	if d1 > 1e-15 || d2 > 1e-15 {
		h1 = math.Pow(0.01/max(d1, d2), -stepExponent)
	}
	return min(100*h0, h1), nil
}

// scaledNorm is the root mean square of a-b in units of the tolerance at y; a
// nil b is zero.
func (in *Integrator[T]) scaledNorm(y, a, b []T) float64 {
	if len(y) == 0 {
		return 0
	}
	var sum float64
	for i := range y {
		v := float64(a[i])
		if b != nil {
			v -= float64(b[i])
		}
		v /= in.scale(i, y, y)
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(y)))
}
