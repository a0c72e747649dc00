package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"equifm/autograd"
)

// Zolotarev's poles and weights are what elliptic functions say: with the complementary
// modulus l the poles are (l·sn/cn)² at odd fifths of the quarter period, the zeros those
// at even fifths.
func TestPoles(t *testing.T) {
	const from = 0.0016
	var c [4]float64
	for i := range c {
		phi := amplitude(float64(i+1)/5, from)
		c[i] = math.Pow(from*math.Tan(phi), 2)
	}
	p, zero := [2]float64{c[0], c[2]}, [2]float64{c[1], c[3]}
	weight := [2]float64{
		(zero[0] - p[0]) * (zero[1] - p[0]) / (p[1] - p[0]),
		(zero[0] - p[1]) * (zero[1] - p[1]) / (p[0] - p[1]),
	}
	least, most := math.Inf(1), 0.0
	for x := from; x < 1; x *= 1.0001 {
		y := x * (1 + weight[0]/(x*x+p[0]) + weight[1]/(x*x+p[1]))
		least, most = min(least, y), max(most, y)
	}
	for i := range p {
		isClose(t, "pole", poleAt[i], p[i])
		isClose(t, "weight", poleWeight[i], weight[i])
	}
	isClose(t, "scale", poleScale, 2/(least+most))
	isClose(t, "error", 0.169553, (most-least)/(most+least))
}

func isClose(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-5*want) {
		t.Errorf("%s %v, want %v", what, got, want)
	}
}

// amplitude is am(u·K) for the complementary modulus k, by the arithmetic-geometric mean
// (Abramowitz and Stegun 16.4).
func amplitude(u, k float64) float64 {
	a, b, c := []float64{1}, k, []float64{math.Sqrt(1 - k*k)}
	for n := 0; c[n] > 1e-15; n++ {
		a, c = append(a, (a[n]+b)/2), append(c, (a[n]-b)/2)
		b = math.Sqrt(a[n] * b)
	}
	n := len(a) - 1
	phi := math.Pow(2, float64(n)) * u * math.Pi / 2 // a_n·u·K, where K = π/(2·a_n)
	for ; n > 0; n-- {
		phi = (phi + math.Asin(c[n]*math.Sin(phi)/a[n])) / 2
	}
	return phi
}

// The equations are solved: for orders on both sides of where rows are taken one by
// one, symmetric bands and halves.
func TestSPD(t *testing.T) {
	testSPD[float64](t, 1e-10)
	testSPD[float32](t, 1e-3)
}

func testSPD[T autograd.Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(9, 9))
	for _, m := range []int{1, 2, 16, 17, 40, 97, 130} {
		const n = 11
		x, _ := withSpectrum(rng, m, m, 10)
		var s, y0, got mat.Dense
		s.Mul(x, x.T())
		want, _ := withSpectrum(rng, m, n, 0)
		y0.Mul(&s, want)
		q := spd[T]{m: m, n: n, s: make([]T, m*m), y: make([]T, m*n)}
		copyTo(q.s, s.RawMatrix().Data)
		copyTo(q.y, y0.RawMatrix().Data)
		for i := range m { // what lies below the diagonal is not read
			for j := range i {
				q.s[i*m+j] = T(math.NaN())
			}
		}
		q.solve()
		got.Sub(mat.NewDense(m, n, wide(q.y)), want)
		if e := mat.Norm(&got, 2) / mat.Norm(want, 2); !(e <= tolerance) {
			t.Errorf("%d equations: %.1e off", m, e)
		}
	}
}

// In float32 a matrix of low rank, most of whose XXᵀ is rounding, comes out as in float64.
func TestPolesOfLowRank(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	for _, rank := range []int{1, 3, 40} {
		var g, d mat.Dense
		a, _ := withSpectrum(rng, 130, rank, 0)
		b, _ := withSpectrum(rng, rank, 150, 0)
		g.Mul(a, b)
		want := direction[float64](&g, true)
		d.Sub(direction[float32](&g, true), want)
		if e := mat.Norm(&d, 2) / mat.Norm(want, 2); !(e <= 1e-3) {
			t.Errorf("rank %d: %.1e off", rank, e)
		}
	}
}
