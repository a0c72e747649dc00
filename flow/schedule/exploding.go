package schedule

import "math"

// LeastNoise is σ_min, Å: the noise of a [VE] path at t = 0, which Karras et al. 2022
// stop at (arXiv 2206.00364, table 1).
const LeastNoise = 0.002

// publishedNoise is their σ_max, which the name `ve` has.
const publishedNoise = 80

// VE is the variance-exploding path: the data as they are, under ever more noise,
//
//	xt = x0 + σ·z,  σ(t) = LeastNoise + (Most - LeastNoise)·t,  q = z
//
// Its dx/dσ = z is what Karras et al. integrate; they count time by σ itself, and t
// only brings that to [0, 1]. The straight path is this one shrunk as it goes:
// xt/(1-t) = x0 + t/(1-t)·z, so that the same states lie at σ = t/(1-t), but for ε.
type VE struct {
	Most float64 // σ_max: noise at t = 1, Å
}

func (v VE) String() string { return withNumber("ve", v.Most) }

func (v VE) At(t float64) Coefficients {
	t = clampTime(t)
	rate := v.Most - LeastNoise
	s := LeastNoise + rate*t
	return Coefficients{
		Alpha: 1, Sigma: s,
		DAlpha: 0, DSigma: rate,
		QData: 0, QNoise: 1,
		M:        rate,
		EndState: 1, EndQ: -s, // x̂0 = xt - σ·q
	}
}

// Ratio is σ/α, the noise in units of the data: +Inf where no data is left.
func (c Coefficients) Ratio() float64 { return c.Sigma / c.Alpha }

// TimeOf returns the time at which a schedule's noise has a ratio to its data: the
// nearer end of [0, 1] where it never has.
func TimeOf(s Schedule, ratio float64) float64 {
	low, high := 0.0, 1.0
	for range 64 {
		middle := (low + high) / 2
		if c := s.At(middle); c.Sigma < ratio*c.Alpha {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Min(low, 1)
}
