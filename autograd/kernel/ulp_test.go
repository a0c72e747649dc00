package kernel

import (
	"math"
	"testing"
)

// A measure is a function to be compared with float64.
type measure struct {
	name    string
	fast    func(dst, x []float32)
	exact   func(float64) float64
	unit    func(x, want float64) float64
	bound   float64 // in units
	anyZero bool    // a zero may have either sign
}

// The error against float64, in units of the last place of the true value, over
// float32 of every exponent: the table in doc.go. The slope of SiLU passes zero
// near −1.28, and its error is in units of the last place of 1.
func TestUlp(t *testing.T) {
	for _, m := range []measure{
		{"Exp", Exp[float32], math.Exp, lastPlace, 1.1, false},
		{"Sigmoid", Sigmoid[float32], sigma, lastPlace, 3.2, false},
		{"Tanh", Tanh[float32], math.Tanh, lastPlace, 2.6, false},
		{"SiLU", SiLU[float32], silu, lastPlace, 4.0, false},
		{"SiLU'", siluSlopes, siluSlope, func(_, want float64) float64 {
			return max(lastPlace(0, want), lastPlace(0, 1))
		}, 1.8, true},
	} {
		t.Run(m.name, func(t *testing.T) {
			eachISA(t, func(t *testing.T) {
				worst, at := m.worst()
				if t.Logf("%.3f at %v", worst, at); worst > m.bound {
					t.Errorf("%.3f ulp at %v, more than %v", worst, at, m.bound)
				}
			})
		})
	}
}

// What is put to zero is negligible, and no more is.
func TestNegligible(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		below, at := math.Nextafter32(negligible, -100), float32(negligible)
		for _, x := range []float32{below, -87.5, -104, -1e9, -math.MaxFloat32} {
			if y := each3(x); y != [3]float32{} {
				t.Errorf("σ, SiLU and its slope of %v are %v, not 0", x, y)
			}
			wide := float64(x)
			s := math.Exp(wide) / (1 + math.Exp(wide))
			if slope := s + wide*s*(1-s); s > 8.8e-27 || wide*s < -5.3e-25 || slope < -5.2e-25 {
				t.Errorf("in truth they are %v, %v and %v", s, wide*s, slope)
			}
		}
		for _, x := range []float32{at, -59.9} {
			if y := each3(x); y[0] <= 0 || y[1] >= 0 || y[2] >= 0 {
				t.Errorf("σ, SiLU and its slope of %v are %v", x, y)
			}
		}
		for _, x := range []float32{-at, -below, 1e9} {
			if y := each3(x); y != [3]float32{1, x, 1} {
				t.Errorf("σ, SiLU and its slope of %v are %v", x, y)
			}
		}
	})
}

// each3 is σ(x), SiLU(x) and its slope.
func each3(x float32) (y [3]float32) {
	Sigmoid(y[:1], []float32{x})
	SiLUBoth(y[1:2], y[2:], []float32{x})
	return y
}

func siluSlopes(dst, x []float32) {
	y := make([]float32, len(x))
	SiLUBoth(y, dst, x)
}

// lastPlace is the distance of neighbouring float32 around want.
func lastPlace(_, want float64) float64 {
	_, exp := math.Frexp(want)
	return math.Ldexp(1, max(exp-24, -149))
}

// worst tries runs of neighbouring bit patterns spread over all of float32, and the
// special values.
func (m *measure) worst() (worst float64, at float32) {
	const run, stride = 64, 64 * 1021
	y := make([]float32, run)
	try := func(x []float32) {
		m.fast(y[:len(x)], x)
		for i, v := range x {
			if e := m.error(v, y[i]); e > worst {
				worst, at = e, v
			}
		}
	}
	x := make([]float32, run)
	for first := uint64(0); first < 1<<32; first += stride {
		for i := range x {
			x[i] = math.Float32frombits(uint32(first) + uint32(i))
		}
		try(x)
	}
	try(specials)
	return worst, at
}

// error is that of y, in units. A NaN or an infinity is right or wrong, and so is
// the sign of a zero.
func (m *measure) error(x, y float32) float64 {
	exact := m.exact(float64(x))
	want := float32(exact)
	switch {
	case m.anyZero && want == 0 && y == 0, sameBits(y, want):
		return 0
	case want == 0 && y == 0, want != want, y != y, math.IsInf(float64(want-y), 0):
		return math.Inf(1)
	}
	return math.Abs(float64(y)-exact) / m.unit(float64(x), exact)
}
