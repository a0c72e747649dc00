package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"equifm/autograd"
)

// Zolotarev's poles and weights are what elliptic functions say: with the complementary
// modulus l the poles are (l·sn/cn)² at odd fifths (thirds, of one) of the quarter period, the zeros
// those at even ones.
func TestPoles(t *testing.T) {
	const from = 0.0016
	for number, farthest := range map[int]float64{1: 0.552262, 2: 0.169553} {
		var at, zero []float64
		for i := range 2 * number {
			c := math.Pow(from*math.Tan(amplitude(float64(i+1)/float64(2*number+1), from)), 2)
			if i%2 == 0 {
				at = append(at, c)
			} else {
				zero = append(zero, c)
			}
		}
		weight := make([]float64, number)
		for k, p := range at {
			weight[k] = 1
			for i := range number {
				weight[k] *= zero[i] - p
				if i != k {
					weight[k] /= at[i] - p
				}
			}
		}
		least, most := math.Inf(1), 0.0
		for x := from; x < 1; x *= 1.0001 {
			y := x
			for k, p := range at {
				y += x * weight[k] / (x*x + p)
			}
			least, most = min(least, y), max(most, y)
		}
		f := rationals[number]
		for k := range at {
			isClose(t, "pole", f.at[k], at[k])
			isClose(t, "weight", f.weight[k], weight[k])
		}
		isClose(t, "scale", f.scale, 2/(least+most))
		isClose(t, "error", farthest, (most-least)/(most+least))
	}
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

// The equations are solved, whether they fill their blocks or not.
func TestSPD(t *testing.T) {
	testSPD[float64](t, 1e-10)
	testSPD[float32](t, 1e-3)
}

func testSPD[T autograd.Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(9, 9))
	q := newSPD[T](130, 70)
	for i := range q.y { // memory is as the last user left it
		for _, x := range [][]T{q.s, q.u, q.lines, q.y, q.w} {
			x[i%len(x)] = T(math.NaN())
		}
	}
	sizes := []int{1, 2, 16, 32, 33, 64, 97, 130}
	if testing.Short() {
		sizes = sizes[:7]
	}
	for _, m := range sizes {
		n, p := 1+7*m%70, 1e-2
		x, _ := withSpectrum(rng, m, m, 10)
		var xx, s, y0, got mat.Dense
		xx.Mul(x, x.T())
		s.CloneFrom(&xx)
		for i := range m {
			s.Set(i, i, s.At(i, i)+p)
		}
		want, _ := withSpectrum(rng, m, n, 0)
		y0.Mul(&s, want)
		square, upper, right := make([]T, m*m), make([]T, len(q.s)), make([]T, m*n)
		copyTo(square, xx.RawMatrix().Data)
		copyTo(right, y0.RawMatrix().Data)
		for i := range m { // what lies below the diagonal is not read
			for j := range i {
				square[i*m+j] = T(math.NaN())
			}
		}
		toPanels(upper, square, m, m)
		answer := make([]T, m*n)
		fromPanels(answer, q.solve(upper, T(p), right, m, n), m, n)
		got.Sub(mat.NewDense(m, n, wide(answer)), want)
		if e := mat.Norm(&got, 2) / mat.Norm(want, 2); !(e <= tolerance) {
			t.Errorf("%d equations: %.1e off", m, e)
		}
	}
}

// In float32 a matrix of low rank, most of whose XXᵀ is rounding, comes out as in float64.
func TestPolesOfLowRank(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	ranks := []int{3, 1, 40}
	if testing.Short() {
		ranks = ranks[:1]
	}
	for _, rank := range ranks {
		var g, d mat.Dense
		a, _ := withSpectrum(rng, 130, rank, 0)
		b, _ := withSpectrum(rng, rank, 150, 0)
		g.Mul(a, b)
		for _, poles := range []int{1, 2} {
			want := direction[float64](&g, poles)
			d.Sub(direction[float32](&g, poles), want)
			if e := mat.Norm(&d, 2) / mat.Norm(want, 2); !(e <= 1e-3) {
				t.Errorf("rank %d, %d poles: %.1e off", rank, poles, e)
			} else {
				t.Logf("rank %d, %d poles: %.1e off", rank, poles, e)
			}
		}
	}
}
