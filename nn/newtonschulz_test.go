package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"equifm/autograd"
)

// Singular values from 0.0016·‖X‖_F on end in [0.68, 1.21], by one pole in [0.44, 1.56], and no other ends above. In float32 as in float64, whatever the spectrum: of random
// numbers, or even in the logarithm down to 1/10, 1/100 and 1/1000, or of half rank.
func TestSingularValues(t *testing.T) {
	if testing.Short() {
		t.Skip("under an emulator it takes a minute")
	}
	for _, poles := range []int{0, 1, 2} {
		t.Run(fmt.Sprintf("float64,poles=%v", poles), func(t *testing.T) { testSingularValues[float64](t, poles) })
		t.Run(fmt.Sprintf("float32,poles=%v", poles), func(t *testing.T) { testSingularValues[float32](t, poles) })
	}
}

func testSingularValues[T autograd.Float](t *testing.T, poles int) {
	rng, from, to := rand.New(rand.NewPCG(7, 7)), 0.68, 1.21
	if poles == 1 {
		from, to = 0.44, 1.56
	}
	shapes := [][2]int{{40, 40}, {32, 386}, {97, 33}, {1, 9}, {130, 150}}
	if testing.Short() {
		shapes = shapes[:4]
	}
	for _, shape := range shapes {
		for _, condition := range []float64{0, 10, 100, 1000, math.Inf(1)} {
			g, sigma := withSpectrum(rng, shape[0], shape[1], condition)
			reach, below := 0.0016*floats.Norm(sigma, 2), 0
			for _, v := range sigma {
				if v < reach {
					below++
				}
			}
			got := singularValues(direction[T](g, poles))
			slices.Sort(got)
			what := fmt.Sprintf("%v, condition %v: %.3f … %.3f, %d of %d out of reach", shape, condition, got[0], got[len(got)-1], below, len(got))
			if reached := got[below:]; !(got[len(got)-1] <= to) || len(reached) > 0 && !(reached[0] >= from) {
				t.Error(what)
			}
			if condition <= 100 && below > len(got)/20 || below > len(got)/2 {
				t.Error("too many:", what)
			}
		}
	}
}

// withSpectrum returns a random (m, n) matrix and its singular values: from 1 down
// to 1/condition in equal ratios; for an infinite condition half of them 1 and the
// others 0; for none those of normal numbers.
func withSpectrum(rng *rand.Rand, m, n int, condition float64) (*mat.Dense, []float64) {
	g := mat.NewDense(m, n, nil)
	for i := range m {
		for j := range n {
			g.Set(i, j, rng.NormFloat64())
		}
	}
	var svd mat.SVD
	svd.Factorize(g, mat.SVDThin)
	sigma := svd.Values(nil)
	if condition == 0 {
		return g, sigma
	}
	for i := range sigma {
		sigma[i] = math.Pow(condition, -float64(i)/float64(max(len(sigma)-1, 1)))
		if math.IsInf(condition, 1) {
			sigma[i] = float64(1 - 2*i/max(len(sigma), 2))
		}
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	u.Mul(&u, mat.NewDiagDense(len(sigma), sigma))
	g.Mul(&u, v.T())
	return g, sigma
}

// direction is −W/(0.2·√max(m, n)) after Muon's first step from 0 against g at
// rate 1, without decay.
func direction[T autograd.Float](g *mat.Dense, poles int) *mat.Dense {
	m, n := g.Dims()
	p := new(Params[T])
	w := p.Add("w", m, n)
	u := NewMuon(p, []Block{w})
	u.Poles = poles
	u.Rest.WeightDecay = 0
	grad := make([]T, m*n)
	copyTo(grad, mat.DenseCopyOf(g).RawMatrix().Data)
	u.Step(grad, 1, 1, 1)
	d := mat.NewDense(m, n, wide(p.Data))
	d.Scale(-1/(0.2*math.Sqrt(float64(max(m, n)))), d)
	return d
}

func singularValues(x mat.Matrix) []float64 {
	var svd mat.SVD
	if !svd.Factorize(x, mat.SVDNone) {
		panic("no singular values")
	}
	return svd.Values(nil)
}

// The direction does not see the gradient's size; it turns with the gradient, and
// is transposed with it.
func TestDirectionLaws(t *testing.T) {
	for _, poles := range []int{0, 1, 2} {
		testDirectionLaws(t, poles)
	}
}

func testDirectionLaws(t *testing.T, poles int) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, shape := range [][2]int{{5, 8}, {8, 5}, {70, 70}, {1, 3}} {
		m, n := shape[0], shape[1]
		g, _ := withSpectrum(rng, m, n, 30)
		u, v := rotation(rng, m), rotation(rng, n)
		var scaled, turned mat.Dense
		scaled.Scale(37, g)
		turned.Mul(u, g)
		turned.Mul(&turned, v)
		d := direction[float64](g, poles)
		var want mat.Dense
		want.Mul(u, d)
		want.Mul(&want, v)
		for what, c := range map[string][2]mat.Matrix{
			"37 times":   {direction[float64](&scaled, poles), d},
			"turned":     {direction[float64](&turned, poles), &want},
			"transposed": {direction[float64](mat.DenseCopyOf(g.T()), poles), d.T()},
		} {
			if !mat.EqualApprox(c[0], c[1], 1e-10) {
				t.Errorf("%v, %s, poles %v: another direction", shape, what, poles)
			}
		}
	}
}

// rotation is a random orthogonal matrix (n, n).
func rotation(rng *rand.Rand, n int) *mat.Dense {
	g, _ := withSpectrum(rng, n, n, 0)
	var qr mat.QR
	var q mat.Dense
	qr.Factorize(g)
	qr.QTo(&q)
	return &q
}
