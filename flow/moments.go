package flow

import (
	"errors"
	"math"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow/schedule"
)

// Moments are the second moments of coordinates by axis, Å²: what the best
// linear guess of the velocity is made of.
type Moments struct {
	Data  float64 `json:"data"`  // v_x, variance of x₀
	Noise float64 `json:"noise"` // v_z, variance of the centred noise after its transport
	Both  float64 `json:"both"`  // c, covariance of the two; 0 but for chance without transport
}

// mostMeasured is how many molecules the moments are measured on: the standard
// error of each is then below half a percent.
const mostMeasured = 4096

// MeasureMoments measures the moments on examples, evenly spread over all, and
// on noise drawn and aligned as training does it. Without transport the noise is
// independent of the data, and the covariance is 0 exactly. Rotating the data at random
// changes none of the three: they are sums over all axes, and the noise has none.
func MeasureMoments[T autograd.Float](examples []Example[T], align eot.Options, seed uint64) (m Moments, err error) {
	if len(examples) == 0 {
		return m, errors.New("flow: no molecules to measure moments on")
	}
	w := newDrawer[T](align)
	var numbers float64
	n := min(mostMeasured, len(examples))
	for k := range n {
		e := &examples[k*len(examples)/n]
		w.random.seed(seed, streamMoments, k, 0)
		noise := make([]T, len(e.X))
		if _, err := w.noise(e.X, noise); err != nil {
			return m, err
		}
		for i, x := range e.X {
			x, z := float64(x), float64(noise[i])
			m.Data, m.Noise, m.Both = m.Data+x*x, m.Noise+z*z, m.Both+x*z
		}
		numbers += float64(len(e.X))
	}
	m.Data, m.Noise, m.Both = m.Data/numbers, m.Noise/numbers, m.Both/numbers
	if align.Mode == eot.None {
		m.Both = 0
	}
	return m, nil
}

// guess returns a(t), which makes a·x_t the best linear guess of q_x at a
// schedule's coefficients: the covariance of the two over the variance of x_t.
// For the straight path that is
//
//	a(t) = [t(v_z - c) + (1-t)(c - v_x)] / [(1-t)²·v_x + t²·v_z + 2t(1-t)·c]
func (m Moments) guess(c schedule.Coefficients) float64 {
	both := c.QData*c.Alpha*m.Data + c.QNoise*c.Sigma*m.Noise + (c.QData*c.Sigma+c.QNoise*c.Alpha)*m.Both
	variance := c.Alpha*c.Alpha*m.Data + c.Sigma*c.Sigma*m.Noise + 2*c.Alpha*c.Sigma*m.Both
	return both / math.Max(variance, 1e-12) // a set of single atoms has no variance
}
