package schedule

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// families are the schedules by their number, as in vp-poly(3). Those that preserve the
// variance have an exponent, and all of these end at the T(1) of vp-linear; ve and linear have none.
var families = []struct {
	name        string
	least, most float64 // the number, most excluded
	what        string
	exponent    func(p float64) func(t float64) (T, dT float64)
}{
	{"vp-linear", 0, 2 * endExponent, "the rate at t = 0", linearFamily},
	{"vp-poly", 1, 100, "the power of t", polyFamily},
	{"vp-cosine", 1, 100, "the power of t", cosineFamily},
	{"ve", 1, 10_000, "the noise at t = 1, Å", nil},
	{"linear", 1e-9, 0.5, "the width at t = 0, ε", nil},
}

// linearFamily has the rate T' grow linearly from p to where T(1) is met; 0.1 is
// vp-linear, 10.05 a constant rate.
func linearFamily(p float64) func(t float64) (T, dT float64) {
	return func(t float64) (T, dT float64) {
		return p*t + (endExponent-p)*t*t, p + 2*(endExponent-p)*t
	}
}

// polyFamily has α = 1 - (1-α₁)·t^p; 2 is vp-poly.
func polyFamily(p float64) func(t float64) (T, dT float64) {
	c := 1 - math.Exp(-endExponent/2)
	return func(t float64) (T, dT float64) {
		shown := c * math.Pow(t, p)
		return -2 * math.Log1p(-shown), 2 * c * p * math.Pow(t, p-1) / (1 - shown)
	}
}

// cosineFamily has α = cos(ω·t^p); 1 is vp-cosine.
func cosineFamily(p float64) func(t float64) (T, dT float64) {
	omega := math.Acos(math.Exp(-endExponent / 2))
	return func(t float64) (T, dT float64) {
		sin, cos := math.Sincos(omega * math.Pow(t, p))
		return -math.Log1p(-sin * sin), 2 * omega * p * math.Pow(t, p-1) * sin / cos
	}
}

// parseFamily reads a name with a number in brackets; it is nil without an error
// for a name that has none.
func parseFamily(name string) (Schedule, error) {
	family, rest, found := strings.Cut(name, "(")
	text, closed := strings.CutSuffix(rest, ")")
	if !found || !closed {
		return nil, nil
	}
	for _, f := range families {
		if f.name != family {
			continue
		}
		p, err := strconv.ParseFloat(text, 64)
		if err != nil || !(p >= f.least && p < f.most) {
			return nil, fmt.Errorf("schedule %s: expected %s in brackets, %v to less than %v", name, f.what, f.least, f.most)
		}
		switch f.name {
		case "ve":
			return VE{p}, nil
		case "linear":
			return Linear{p}, nil
		}
		return &Preserving{withNumber(family, p), f.exponent(p)}, nil
	}
	return nil, nil
}

// withNumber is a name as parseFamily reads it.
func withNumber(family string, p float64) string { return fmt.Sprintf("%s(%v)", family, p) }
