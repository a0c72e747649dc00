package eot

import "math"

// eigen4 returns the eigenvalues of a symmetric matrix whose entries are about 1
// in size, and the eigenvectors as columns, by cyclic Jacobi rotations (Golub and
// Van Loan, Matrix Computations, 8.5). The vectors are orthonormal to rounding
// however close the eigenvalues are.
func eigen4(a [4][4]float64) (w [4]float64, v [4][4]float64) {
	for i := range v {
		v[i][i] = 1
	}
	const sweeps = 30 // quadratic convergence needs about six
	for range sweeps {
		var off float64
		for p := range 3 {
			for q := p + 1; q < 4; q++ {
				off += a[p][q] * a[p][q]
			}
		}
		if off < 1e-40 {
			break
		}
		for p := range 3 {
			for q := p + 1; q < 4; q++ {
				annihilate(&a, &v, p, q)
			}
		}
	}
	for i := range w {
		w[i] = a[i][i]
	}
	return w, v
}

// annihilate rotates the plane of p and q so that a[p][q] becomes zero.
func annihilate(a, v *[4][4]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(theta, 1))
	c := 1 / math.Sqrt(1+t*t)
	s := t * c
	a[p][p] -= t * a[p][q]
	a[q][q] += t * a[p][q]
	a[p][q], a[q][p] = 0, 0
	for k := range 4 {
		if k != p && k != q {
			a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
			a[p][k], a[q][k] = a[k][p], a[k][q]
		}
		v[k][p], v[k][q] = c*v[k][p]-s*v[k][q], s*v[k][p]+c*v[k][q]
	}
}
