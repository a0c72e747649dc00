package information

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Of two kinds a plain integral over the one dimension that tells them apart is the same.
func TestTwoKindsByPlainQuadrature(t *testing.T) {
	for _, share := range []float64{0.5, 0.2} {
		for _, r := range []float64{0.3, 2.5, 15, 40} {
			for _, numbers := range [][]float64{nil, {0.1, 0.8}} {
				k := Kinds{Shares: []float64{share, 1 - share}, Height: 0.25, Numbers: numbers}
				d := math.Sqrt2 * 0.25 * r
				if numbers != nil {
					d = math.Hypot(d, 0.7*0.5*r)
				}
				got, want := k.Information(r, 0.5*r), binary(share, d)
				if math.Abs(got-want) > 1e-4 {
					t.Errorf("shares %v, α/σ = %v, numbers %v: %.6f, by the plain integral %.6f", k.Shares, r, numbers, got, want)
				}
			}
		}
	}
	only := Kinds{Shares: []float64{0.3, 0.7}, Numbers: []float64{0.1, 0.6}}
	if got, want := only.Information(0, 4), binary(0.3, 2); math.Abs(got-want) > 1e-4 {
		t.Errorf("the number alone: %.6f, by the plain integral %.6f", got, want)
	}
}

// binary is I of two points d standard deviations apart.
func binary(share, d float64) (i float64) {
	const h = 5e-3
	for y := -12.0; y < d+12; y += h {
		p, q := share*math.Exp(-y*y/2), (1-share)*math.Exp(-(y-d)*(y-d)/2)
		if p > 1e-300 {
			i += h * p * math.Log(p/share/(p+q))
		}
		if q > 1e-300 {
			i += h * q * math.Log(q/(1-share)/(p+q))
		}
	}
	return i / math.Sqrt(2*math.Pi)
}

// qm9 are about the shares of H C N O in QM9, and F that this copy has none of.
var qm9 = Kinds{Shares: []float64{0.51, 0.35, 0.06, 0.08, 0}, Height: 0.25, Numbers: []float64{0.1, 0.6, 0.7, 0.8, 0.9}}

// Draws give the quadrature within their error, and that within 0.01 nat.
func TestDrawsAgreeWithQuadrature(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	alone := qm9
	alone.Numbers = nil
	for _, k := range []Kinds{qm9, alone} {
		for _, r := range []float64{1, 5, 14} {
			want, got := k.Information(r, r), k.Draw(r, r, 8000, rng)
			if off := math.Abs(got.Value - want); off > 4*got.Error+1e-4 || off > 0.01 {
				t.Errorf("α/σ = %v, numbers %v: draws %v, quadrature %.5f", r, k.Numbers, got, want)
			}
		}
	}
}

// Information rises from nothing to all there is to know, and the number beside the
// one-hot adds some.
func TestInformationRises(t *testing.T) {
	alone, last := qm9, 0.0
	alone.Numbers = nil
	if i := qm9.Information(0, 0); math.Abs(i) > 1e-6 {
		t.Errorf("nothing tells %v nat", i)
	}
	for _, r := range []float64{0.5, 3, 8, 20, 1e6} {
		i := qm9.Information(r, r)
		if i <= last || i > qm9.Entropy()+1e-9 || i < alone.Information(r, r)-1e-4 {
			t.Errorf("α/σ = %v: %v nat, before %v, without the number %v, of %v", r, i, last, alone.Information(r, r), qm9.Entropy())
		}
		last = i
	}
	if math.Abs(last-qm9.Entropy()) > 1e-9 {
		t.Errorf("without noise %v nat of %v", last, qm9.Entropy())
	}
}
