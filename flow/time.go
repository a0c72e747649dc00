package flow

import (
	"math"
	"math/rand/v2"

	"equifm/flow/internal/enum"
	"equifm/flow/schedule"
)

// TimeLaw is the distribution of the times that training looks at. It changes
// what the network learns best, not what it is asked: sampling passes every time,
// and a held-out loss is taken at uniform times.
type TimeLaw struct {
	Kind  TimeKind
	Mean  float64           // of log(t/(1-t)), LogitNormal; of log(σ/α), LogNormal
	Std   float64           // of log(t/(1-t)), LogitNormal; of log(σ/α), LogNormal
	Power float64           // density ∝ t^Power, above -1, PowerLaw
	Of    schedule.Schedule // whose σ and α they are, LogNormal
}

// TimeKind names a family of laws.
type TimeKind int

const (
	Uniform     TimeKind = iota // as published
	LogitNormal                 // t/(1-t), the noise in units of the data, is log-normal: Karras et al. 2022 (arXiv 2206.00364) table 1
	PowerLaw                    // the density is a power of t
	LogNormal                   // the noise in units of the data, σ/α, is log-normal, cut off where the path ends: theirs on any path
)

var timeNames = []string{"uniform", "logit-normal", "power", "log-normal"}

// String returns the name.
func (k TimeKind) String() string { return enum.Name("TimeKind", timeNames, k) }

// MarshalText writes the name; a family without one is an error.
func (k TimeKind) MarshalText() ([]byte, error) { return enum.Marshal("law of t", timeNames, k) }

// UnmarshalText reads the name.
func (k *TimeKind) UnmarshalText(text []byte) error {
	return enum.Unmarshal("law of t", timeNames, text, k)
}

// Draw returns a time in [0, 1].
func (l TimeLaw) Draw(rng *rand.Rand) float64 {
	switch l.Kind {
	case LogitNormal:
		return 1 / (1 + math.Exp(-l.Mean-l.Std*rng.NormFloat64()))
	case PowerLaw:
		return math.Pow(rng.Float64(), 1/(l.Power+1)) // the inverse of ∫₀ᵗ (p+1)·u^p du = t^(p+1)
	case LogNormal:
		return schedule.TimeOf(l.Of, math.Exp(l.Mean+l.Std*rng.NormFloat64()))
	}
	return rng.Float64()
}
