package eot

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// rotationSVD is Kabsch's own way, by singular values; the oracle of rotation.
func rotationSVD(from, to []float64) Matrix3 {
	n := len(from) / 3
	var s mat.Dense
	s.Mul(mat.NewDense(n, 3, from).T(), mat.NewDense(n, 3, to))
	var svd mat.SVD
	if !svd.Factorize(&s, mat.SVDFull) {
		panic("no singular values")
	}
	var u, v, r mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	if mat.Det(&u)*mat.Det(&v) < 0 {
		for k := range 3 {
			v.Set(k, 2, -v.At(k, 2))
		}
	}
	r.Mul(&v, u.T())
	var out Matrix3
	for p := range out {
		for q := range out[p] {
			out[p][q] = r.At(p, q)
		}
	}
	return out
}

func randomRotation(rng *rand.Rand) Matrix3 {
	var q [4]float64
	var norm float64
	for i := range q {
		q[i] = rng.NormFloat64()
		norm += q[i] * q[i]
	}
	for i := range q {
		q[i] /= math.Sqrt(norm)
	}
	return fromQuaternion(q)
}

// flattened returns p with the coordinates from k on set to zero: 3 leaves it, 2
// is planar, 1 collinear, 0 coincident.
func flattened(p []float64, k int) []float64 {
	out := append([]float64(nil), p...)
	for i := range out {
		if i%3 >= k {
			out[i] = 0
		}
	}
	return out
}

func TestRotationAgainstSVD(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for n := 1; n <= 30; n++ {
		for dims := 0; dims <= 3; dims++ {
			from, to := flattened(cloud(rng, n, 1), dims), cloud(rng, n, 1.5)
			if n%3 == 0 { // nearly congruent, and mirrored
				copy(to, turn(randomRotation(rng), from))
				for i := range to {
					to[i] = -to[i] + 1e-3*rng.NormFloat64()
				}
			}
			r, err := Rotation(from, to)
			if err != nil {
				t.Fatal(err)
			}
			checkProper(t, r)
			got, want := squaredDistance(turn(r, from), to), squaredDistance(turn(rotationSVD(from, to), from), to)
			if math.Abs(got-want) > 1e-12*(1+want) {
				t.Errorf("n = %d in %d dimensions: %v, by SVD %v", n, dims, got, want)
			}
		}
	}
}

func checkProper(t *testing.T, r Matrix3) {
	t.Helper()
	m := mat.NewDense(3, 3, []float64{r[0][0], r[0][1], r[0][2], r[1][0], r[1][1], r[1][2], r[2][0], r[2][1], r[2][2]})
	var square mat.Dense
	square.Mul(m, m.T())
	for i := range 3 {
		square.Set(i, i, square.At(i, i)-1)
	}
	if off := mat.Norm(&square, 2); !(off < 1e-13) || !(math.Abs(mat.Det(m)-1) < 1e-13) {
		t.Errorf("R·Rᵀ is off by %g, det R = %g", off, mat.Det(m))
	}
}

// Of the rotations that lay one line on another the smallest angle is taken.
func TestRotationOfLinesIsTheShortest(t *testing.T) {
	for _, angle := range []float64{0, 1e-9, 0.3, 1.5, 3.1, math.Pi} {
		s, c := math.Sincos(angle)
		r, err := Rotation([]float64{1, 0, 0, -1, 0, 0}, []float64{c, s, 0, -c, -s, 0})
		if err != nil {
			t.Fatal(err)
		}
		checkProper(t, r)
		trace := r[0][0] + r[1][1] + r[2][2]
		if math.Abs(trace-(1+2*c)) > 1e-9 {
			t.Errorf("lines %g apart: trace %v, want %v", angle, trace, 1+2*c)
		}
	}
}
