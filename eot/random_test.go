package eot

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Random rotations are rotations, and uniform: turned by any other they are as likely,
// so that entries have mean 0 and variance 1/3, and the trace, 1 + 2·cos of the
// angle, mean 0 and variance 1. An angle that is uniform would give a mean of 1.
func TestRandomRotationIsUniform(t *testing.T) {
	const n = 40_000
	rng := rand.New(rand.NewPCG(3, 3))
	var mean, square Matrix3
	var trace, traceSquare float64
	for range n {
		r := RandomRotation(rng)
		properRotation(t, &r)
		s := 0.0
		for i := range 3 {
			s += r[i][i]
			for j := range 3 {
				mean[i][j] += r[i][j] / n
				square[i][j] += r[i][j] * r[i][j] / n
			}
		}
		trace, traceSquare = trace+s/n, traceSquare+s*s/n
	}
	error4 := 4 / math.Sqrt(n) // four standard errors of a number of variance 1, more than those of the rest
	for i := range 3 {
		for j := range 3 {
			if math.Abs(mean[i][j]) > error4 || math.Abs(square[i][j]-1.0/3) > error4 {
				t.Errorf("entry %d, %d: mean %.4f, mean square %.4f", i, j, mean[i][j], square[i][j])
			}
		}
	}
	if math.Abs(trace) > error4 || math.Abs(traceSquare-1) > 2*error4 {
		t.Errorf("trace: mean %.4f, mean square %.4f", trace, traceSquare)
	}
}

// properRotation checks RᵀR = 1 and det R = +1: the third row is the first two's cross product.
func properRotation(t *testing.T, r *Matrix3) {
	t.Helper()
	a, b, c := r[0], r[1], r[2]
	cross := [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
	aa, bb, ab := 0.0, 0.0, 0.0
	for k := range 3 {
		aa, bb, ab = aa+a[k]*a[k], bb+b[k]*b[k], ab+a[k]*b[k]
		if math.Abs(cross[k]-c[k]) > 1e-12 {
			t.Fatalf("%v: no rotation", *r)
		}
	}
	if math.Abs(aa-1) > 1e-12 || math.Abs(bb-1) > 1e-12 || math.Abs(ab) > 1e-12 {
		t.Fatalf("%v: no rotation", *r)
	}
}
