package flow

import (
	"errors"
	"math"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow/schedule"
)

// Moments are the second moments of coordinates by axis, Å²: what the best linear guess
// of the velocity is made of, and the preconditioning.
type Moments struct {
	Data  float64 `json:"data"`  // v_x, variance of x₀
	Noise float64 `json:"noise"` // v_z, variance of the centred noise after its transport
	Both  float64 `json:"both"`  // c, covariance of the two; 0 but for chance without transport

	Features float64 `json:"features,omitempty"` // mean square of h₀, for FeaturePreconditioned: MeasureFeatures
}

// mostMeasured is how many molecules the moments are measured on: the standard
// error of each is then below half a percent.
const mostMeasured = 4096

// MeasureMoments measures the moments on examples, evenly spread over all, and
// on noise drawn and aligned as training does it, or the examples' own. Without either the
// noise is independent of the data, and the covariance is 0 exactly. Rotating the data at random
// changes none of the three: they are sums over all axes, and the noise has none.
func MeasureMoments[T autograd.Float](examples []Example[T], align eot.Options, seed uint64) (m Moments, err error) {
	if len(examples) == 0 {
		return m, errors.New("flow: no molecules to measure moments on")
	}
	w := newDrawer[T](align)
	var numbers float64
	var paired bool
	n := min(mostMeasured, len(examples))
	for k := range n {
		e := &examples[k*len(examples)/n]
		w.random.seed(seed, streamMoments, k, 0)
		noise := make([]T, len(e.X))
		if e.Noise != nil {
			copy(noise, e.Noise.X)
			paired = true
		} else if _, err := w.noise(e.X, noise); err != nil {
			return m, err
		}
		for i, x := range e.X {
			x, z := float64(x), float64(noise[i])
			m.Data, m.Noise, m.Both = m.Data+x*x, m.Noise+z*z, m.Both+x*z
		}
		numbers += float64(len(e.X))
	}
	m.Data, m.Noise, m.Both = m.Data/numbers, m.Noise/numbers, m.Both/numbers
	if align.Mode == eot.None && !paired {
		m.Both = 0
	}
	return m, nil
}

// MeasureFeatures returns the mean square of the examples' features.
func MeasureFeatures[T autograd.Float](examples []Example[T]) (square float64) {
	var numbers float64
	for k := range examples {
		for _, h := range examples[k].H {
			square += float64(h) * float64(h)
		}
		numbers += float64(len(examples[k].H))
	}
	return square / max(numbers, 1)
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

// preconditioning is that of Karras et al. 2022 (arXiv 2206.00364, table 1 and eq. 7) for
// data of variance v, σ_data² there. With x = x_t/α and σ the noise in its units, σ/α,
//
//	x̂₀ = c_skip·x + c_out·F(c_in·x, ¼·log σ)
//	c_skip = v/(σ² + v),  c_out = σ·√v/√(σ² + v),  c_in = 1/√(σ² + v),  loss |x̂₀ - x₀|²/c_out²
//
// so that F sees numbers of variance 1 and answers such, and the loss is on F itself. On
// VE α is 1, and this is theirs to the letter; on another path it is what they make of
// one that shrinks as it goes (their s(t)). F of an equivariant network is how far it
// moves the atoms it is shown, as VEDA has it too (arXiv 2511.09568, x_pred_mode
// `constant` of its code); features, which are discrete there, go by the same formulas.
type preconditioning struct{ in, skip, out float64 } // of x_t itself

func precondition(c schedule.Coefficients, v float64) preconditioning {
	total := c.Sigma*c.Sigma + c.Alpha*c.Alpha*v // variance of x_t
	return preconditioning{1 / math.Sqrt(total), c.Alpha * v / total, c.Sigma * math.Sqrt(v/total)}
}

// prediction returns the weights of x_t and F in q̂: x̂₀ = EndState·x_t + EndQ·q̂.
func (p preconditioning) prediction(c schedule.Coefficients) (a, b float64) {
	return (p.skip - c.EndState) / c.EndQ, p.out / c.EndQ
}

// logNoise is c_noise = ¼·log(σ/α), with both kept off 0.
func logNoise(c schedule.Coefficients) float64 {
	const least = 1e-5
	return math.Log(math.Max(c.Sigma, least)/math.Max(c.Alpha, least)) / 4
}

// show returns what a network is shown of molecules at their times and of their
// conditions (N, 1+C): what there is, but for the preconditioned outputs.
func show[T autograd.Float](t *autograd.Tape[T], o Output, p Path, times []float64, sizes []int, at State[T], cond []T) (State[T], []T) {
	if o.X == CoordinatePreconditioned {
		of := func(t float64) (float64, float64) {
			c := p.X.At(t)
			return precondition(c, o.Moments.Data).in, logNoise(c)
		}
		w, x, told := perAtom(t, times, sizes, of), t.Slice(len(at.X)), t.Slice(len(cond))
		copy(told, cond)
		width := 3 * len(cond) / len(at.X)
		for i := range x {
			x[i] = w[2*(i/3)] * at.X[i]
		}
		for i := 0; i < len(told); i += width {
			told[i] = w[2*(i/width)+1]
		}
		at.X, cond = x, told
	}
	if o.H == FeaturePreconditioned {
		in := func(s schedule.Schedule) weights[T] {
			return perAtom(t, times, sizes, func(t float64) (float64, float64) { return 0, precondition(s.At(t), o.Moments.Features).in })
		}
		h := t.Const(len(at.X)/3, 3*len(at.H)/len(at.X), at.H)
		var last weights[T]
		if p.Z != nil {
			last = in(p.Z)
		}
		at.H = mixRows(t, in(p.H), last, at.H, h).Data
	}
	return at, cond
}
