package schedule

import (
	"cmp"
	"fmt"
	"math"
	"strings"
)

// Epsilon is ε, the width of the straight path at t = 0.
const Epsilon = 1e-4

// regulariser keeps M finite at t = 0, as in the published code. It makes M·q
// smaller than the derivative of the path by the factor σ²/(σ²+regulariser).
const regulariser = 1e-5

// endExponent is T(1) of vp-linear. The other variance-preserving schedules end
// at the same T, so that a comparison of schedules is not one of prior errors,
// and so that α, by which M divides, is nowhere zero.
const endExponent = 10.05

// Schedule is how the shares of data and noise run with time.
type Schedule interface {
	// String is the name that Parse reads.
	String() string
	// At evaluates the schedule; t is clamped to [0, 1], which forgives a
	// solver the rounding of its last step.
	At(t float64) Coefficients
}

// Coefficients is a schedule at one time. Everything a path needs is a mixture
// of two arrays, and these are the weights.
type Coefficients struct {
	Alpha, Sigma   float64 // xt = Alpha·x0 + Sigma·z
	DAlpha, DSigma float64 // time derivatives of the two
	QData, QNoise  float64 // q  = QData·x0 + QNoise·z
	M              float64 // dx/dt = M·q
	EndState, EndQ float64 // x̂0 = EndState·xt + EndQ·q
}

// Linear is the straight path: Lipman et al. 2023 (Flow Matching) eq. 20 with
// time reversed and the Gaussian at the data end kept ε wide.
type Linear struct {
	Width float64 // ε; 0 for Epsilon
}

func (l Linear) String() string {
	if l.Width == 0 {
		return "linear"
	}
	return withNumber("linear", l.Width)
}

func (l Linear) At(t float64) Coefficients {
	t = clampTime(t)
	e := cmp.Or(l.Width, Epsilon)
	s := e + (1-e)*t
	return Coefficients{
		Alpha: 1 - t, Sigma: s,
		DAlpha: -1, DSigma: 1 - e,
		QData: -1, QNoise: 1 - e, // qx = (1-ε)·z - x0, the velocity itself
		M:        1,
		EndState: 1 - e, EndQ: -s, // x̂0 = (1-ε)·xt - s·qx
	}
}

// Preserving is a variance-preserving path, named after its exponent:
// α = exp(-T/2), σ² = 1 - α².
type Preserving struct {
	name     string
	exponent func(t float64) (T, dT float64)
}

// The fixed variance-preserving schedules.
var (
	VPLinear = &Preserving{"vp-linear", linearExponent}
	VPPoly   = &Preserving{"vp-poly", polyExponent}
	VPCosine = &Preserving{"vp-cosine", cosineExponent}
	EDM      = &Preserving{"edm", edmExponent}
)

func (p *Preserving) String() string { return p.name }

func (p *Preserving) At(t float64) Coefficients { return preserving(t, p.exponent) }

// linearExponent integrates a noise rate that grows linearly from 0.1 to 20.
func linearExponent(t float64) (T, dT float64) {
	return 0.1*t + 9.95*t*t, 0.1 + 19.9*t
}

// polyExponent has α = 1 - (1-α₁)t²: EDM's 1-t² stopped at α₁ = exp(-T(1)/2).
func polyExponent(t float64) (T, dT float64) {
	c := 1 - math.Exp(-endExponent/2)
	return -2 * math.Log1p(-c*t*t), 4 * c * t / (1 - c*t*t)
}

// cosineExponent has α = cos(ωt), a quarter turn stopped at α₁ = exp(-T(1)/2).
func cosineExponent(t float64) (T, dT float64) {
	omega := math.Acos(math.Exp(-endExponent / 2))
	sin, cos := math.Sincos(omega * t)
	return -math.Log1p(-sin * sin), 2 * omega * sin / cos
}

// edmPrecision is s, by which EDM's α² keeps off 0 and 1.
const edmPrecision = 1e-5

// edmExponent has EDM's α² = (1-2s)·(1-t²)² + s, polynomial_2 of its published code:
// Hoogeboom et al. 2022, arXiv 2203.17003. It leaves noise of √s at the data, and √s of
// the data in the noise: T(1) is not that of the others. The code
// keeps α²(t) above a thousandth of α² a step earlier too, which at its 1,000 steps
// adds 4e-9 to s at t = 1 and nothing elsewhere, and is left out.
func edmExponent(t float64) (T, dT float64) {
	left := 1 - t*t
	a2 := (1-2*edmPrecision)*left*left + edmPrecision
	return -math.Log(a2), (1 - 2*edmPrecision) * 4 * t * left / a2
}

// preserving derives every coefficient from the exponent T.
//
// Lipman et al. eq. 19, time reversed, is dh/dt = α'/(1-α²)·(h0 - α·ht). With
// α' = -½T'·α and q = α·h0 - α²·ht it reads dh/dt = M·q, M = -½T'/(1-exp(-T)).
func preserving(t float64, exponent func(float64) (T, dT float64)) Coefficients {
	t = clampTime(t)
	T, dT := exponent(t)
	a, s2 := math.Exp(-T/2), -math.Expm1(-T)
	s := math.Sqrt(s2)
	return Coefficients{
		Alpha: a, Sigma: s,
		DAlpha: -dT / 2 * a, DSigma: sigmaRate(t, exponent),
		QData: a * s2, QNoise: -a * a * s, // q = a·h0 - a²·ht with ht written out
		M:        -dT / 2 / (s2 + regulariser),
		EndState: a, EndQ: 1 / a, // ĥ0 = a·ht + q/a
	}
}

// sigmaRate is σ' = ½T'·exp(-T)/σ. At t = 0 that is 0/0 or infinite, so it is
// taken no earlier than t = 1e-9: the limit where there is one, large elsewhere.
func sigmaRate(t float64, exponent func(float64) (T, dT float64)) float64 {
	T, dT := exponent(max(t, 1e-9))
	return dT / 2 * math.Exp(-T) / math.Sqrt(-math.Expm1(-T))
}

func clampTime(t float64) float64 { return min(max(t, 0), 1) }

// learnedKnots is the number of intervals that Parse gives `learned`.
const learnedKnots = 16

// Parse reads the name of a schedule, or that of a family with its number, such as
// vp-poly(3): see family.go. `learned` is a new Learned, which before training equals
// vp-linear, and `ve` has the published σ_max.
func Parse(name string) (Schedule, error) {
	for _, s := range []Schedule{Linear{}, VPLinear, VPPoly, VPCosine, EDM} {
		if s.String() == name {
			return s, nil
		}
	}
	if name == "learned" {
		return NewLearned(learnedKnots), nil
	}
	if name == "ve" {
		return VE{publishedNoise}, nil
	}
	if s, err := parseFamily(name); s != nil || err != nil {
		return s, err
	}
	return nil, fmt.Errorf("unknown schedule %q; known: %s, linear(width at t = 0), vp-linear(rate at t = 0), vp-poly(power), vp-cosine(power), ve(noise at t = 1)", name, strings.Join(Names(), ", "))
}

// Names lists what Parse reads.
func Names() []string {
	return []string{"linear", "vp-linear", "vp-poly", "vp-cosine", "learned", "edm", "ve"}
}
