package information

import (
	"math"
	"testing"

	"equifm/flow"
	"equifm/flow/schedule"
)

// known is the error of the best guess of Gaussian features, by time.
func known(s schedule.Schedule, times []float64, variance float64) (errors []float64) {
	for _, t := range times {
		errors = append(errors, variance/(1+variance*ratio(s, t)))
	}
	return errors
}

// The gradient of J is that by differences, and a move makes information come more evenly
// than along vp-linear.
func TestPace(t *testing.T) {
	times := flow.PowerGrid(1, 0.02, 2, 40)
	l := schedule.NewLearned(16)
	p, err := NewPace(l, times, known(l, times, 0.25))
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.Theta {
		l.Theta[i] += 0.3 * math.Sin(float64(i))
	}
	grad := make([]float64, len(l.Theta))
	p.J(l, grad)
	for i, theta := range l.Theta {
		const h = 1e-4
		l.Theta[i] = theta + h
		above := p.J(l, nil)
		l.Theta[i] = theta - h
		below := p.J(l, nil)
		l.Theta[i] = theta
		if want := (above - below) / (2 * h); math.Abs(grad[i]-want) > 0.01*(0.1+math.Abs(want)) {
			t.Errorf("gradient %d is %v, by differences %v", i, grad[i], want)
		}
	}
	fresh := schedule.NewLearned(16)
	before, after := p.Move(fresh, 400, 0.05)
	t.Logf("J of vp-linear %.3f, after a move %.3f", before, after)
	if !(after < 1+0.5*(before-1)) || after < 1 || p.J(fresh, nil) != after {
		t.Errorf("J of vp-linear %v, after a move %v", before, after)
	}
	last := -1.0
	for k := range 101 {
		T, rate := fresh.Exponent(float64(k) / 100)
		if T <= last || rate <= 0 {
			t.Errorf("T = %v at t = %v after %v, rate %v", T, float64(k)/100, last, rate)
		}
		last = T
	}
	if _, err := NewPace(l, times, known(l, times[1:], 1)); err == nil {
		t.Error("fewer errors than times are no error")
	}
	if _, err := NewPace(l, []float64{0.1, 0.5, 1}, []float64{1, 1, 1}); err == nil {
		t.Error("rising times are no error")
	}
}
