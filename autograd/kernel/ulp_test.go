package kernel

import (
	"math"
	"testing"
)

// The error against float64, in units of the last place of the true value, over
// float32 of every exponent: the table in doc.go. The slope of SiLU passes zero
// near −1.28, and its error is in units of the last place of 1.
func TestUlp(t *testing.T) {
	for _, f := range []struct {
		name  string
		fast  func(dst, x []float32)
		exact func(float64) float64
		unit  func(x, want float64) float64
		bound float64
	}{
		{"Exp", Exp[float32], math.Exp, lastPlace, 1.1},
		{"Sigmoid", Sigmoid[float32], sigma, lastPlace, 3.2},
		{"Tanh", Tanh[float32], math.Tanh, lastPlace, 2.6},
		{"SiLU", SiLU[float32], silu, func(x, want float64) float64 {
			return lastPlace(x, want) + math.Abs(x)*math.SmallestNonzeroFloat32 // σ(x) may be denormal
		}, 4.0},
		{"SiLU'", siluSlopes, siluSlope, func(_, want float64) float64 {
			return max(lastPlace(0, want), lastPlace(0, 1))
		}, 1.8},
	} {
		t.Run(f.name, func(t *testing.T) {
			eachISA(t, func(t *testing.T) {
				worst, at := worstUlp(f.fast, f.exact, f.unit)
				if t.Logf("%.3f at %v", worst, at); worst > f.bound {
					t.Errorf("%.3f ulp at %v, more than %v", worst, at, f.bound)
				}
			})
		})
	}
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

// worstUlp tries runs of neighbouring bit patterns spread over all of float32. A
// result that is infinite, or should be, or NaN, must be just that.
func worstUlp(fast func(dst, x []float32), exact func(float64) float64, unit func(x, want float64) float64) (worst float64, at float32) {
	const run, stride = 64, 64 * 1021
	x, y := make([]float32, run), make([]float32, run)
	for first := uint64(0); first < 1<<32; first += stride {
		for i := range x {
			x[i] = math.Float32frombits(uint32(first) + uint32(i))
		}
		fast(y, x)
		for i, v := range x {
			want := exact(float64(v))
			e := math.Abs(float64(y[i])-want) / unit(float64(v), want)
			if w := float32(want); w == y[i] || w != w && y[i] != y[i] {
				e = min(e, 0.5)
			} else if math.IsInf(float64(w), 0) || e != e {
				e = math.Inf(1)
			}
			if e > worst {
				worst, at = e, v
			}
		}
	}
	return worst, at
}
