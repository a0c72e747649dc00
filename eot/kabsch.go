package eot

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Matrix3 is a 3×3 matrix, row by row.
type Matrix3 [3][3]float64

var identity = Matrix3{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}

// Apply returns m·(x, y, z).
func (m *Matrix3) Apply(x, y, z float64) (float64, float64, float64) {
	return m[0][0]*x + m[0][1]*y + m[0][2]*z,
		m[1][0]*x + m[1][1]*y + m[1][2]*z,
		m[2][0]*x + m[2][1]*y + m[2][2]*z
}

// times returns f·m.
func (m Matrix3) times(f float64) Matrix3 {
	if f == 1 {
		return m // to the bit, zeros' signs included
	}
	for i := range m {
		for k := range m[i] {
			m[i][k] *= f
		}
	}
	return m
}

// Rotation returns the rotation R about the origin, det +1, that makes
// Σ|R·from_i - to_i|² least (Kabsch 1976); from and to are (N, 3). Where several
// are best, as for collinear points, it is the one of the smallest angle.
func Rotation(from, to []float64) (Matrix3, error) {
	if len(from) != len(to) || len(from)%3 != 0 {
		panic(fmt.Sprintf("eot: Rotation: %d and %d coordinates", len(from), len(to)))
	}
	if err := checkPoints(from, to); err != nil {
		return identity, err
	}
	var s Matrix3
	for i := 0; i < len(from); i += 3 {
		s.addOuter(from[i:], to[i:])
	}
	return s.rotation(), nil
}

// addOuter adds a·bᵀ for the points that a and b begin with.
func (m *Matrix3) addOuter(a, b []float64) {
	for p, ap := range a[:3] {
		for q, bq := range b[:3] {
			m[p][q] += ap * bq
		}
	}
}

// degenerate is the share of the largest eigenvalue within which others count as
// equal to it: some rounding errors of a sum of products.
const degenerate = 1e-14

// rotation returns the best rotation for S = Σ from_i·to_iᵀ. The unit quaternion
// of a rotation R has qᵀKq = tr(R·S), with K of Horn, J. Opt. Soc. Am. A 4 (1987)
// 629: the best q is the eigenvector of K's largest eigenvalue. It is always a
// proper rotation, where an SVD needs its sign set right.
func (s *Matrix3) rotation() Matrix3 {
	var size float64
	for _, row := range s {
		size = max(size, math.Abs(row[0]), math.Abs(row[1]), math.Abs(row[2]))
	}
	if size < 1e-300 {
		return identity
	}
	w, vectors := eigen4(s.horn(1 / size))
	top := max(w[0], w[1], w[2], w[3])
	// Of the best quaternions, the projection of (1,0,0,0) is nearest the identity.
	var q [4]float64
	var lone int
	for k := range w {
		if top-w[k] > degenerate*top {
			continue
		}
		lone = k
		for p := range q {
			q[p] += vectors[p][k] * vectors[0][k]
		}
	}
	norm := math.Sqrt(q[0]) // the projection p of a unit vector e has |p|² = p·e
	if q[0] < 1e-12 {       // a half turn: no nearest one
		norm = 1
		for p := range q {
			q[p] = vectors[p][lone]
		}
	}
	for p := range q {
		q[p] /= norm
	}
	return fromQuaternion(q)
}

// horn returns Horn's symmetric matrix K of S times scale.
func (s *Matrix3) horn(scale float64) (k [4][4]float64) {
	xx, xy, xz := s[0][0]*scale, s[0][1]*scale, s[0][2]*scale
	yx, yy, yz := s[1][0]*scale, s[1][1]*scale, s[1][2]*scale
	zx, zy, zz := s[2][0]*scale, s[2][1]*scale, s[2][2]*scale
	return [4][4]float64{
		{xx + yy + zz, yz - zy, zx - xz, xy - yx},
		{yz - zy, xx - yy - zz, xy + yx, zx + xz},
		{zx - xz, xy + yx, yy - xx - zz, yz + zy},
		{xy - yx, zx + xz, yz + zy, zz - xx - yy},
	}
}

// RandomRotation draws a rotation, uniform over all of them: four independent normals
// are a direction in four dimensions that is uniform on the sphere of unit quaternions
// (Shoemake, in Graphics Gems III, 1992).
func RandomRotation(rng *rand.Rand) Matrix3 {
	var q [4]float64
	var square float64
	for square < 1e-12 { // once, but for one draw in 1e24
		square = 0
		for p := range q {
			q[p] = rng.NormFloat64()
			square += q[p] * q[p]
		}
	}
	for p := range q {
		q[p] /= math.Sqrt(square)
	}
	return fromQuaternion(q)
}

// fromQuaternion returns the rotation of a unit quaternion.
func fromQuaternion(q [4]float64) Matrix3 {
	w, x, y, z := q[0], q[1], q[2], q[3]
	return Matrix3{
		{w*w + x*x - y*y - z*z, 2 * (x*y - w*z), 2 * (x*z + w*y)},
		{2 * (x*y + w*z), w*w - x*x + y*y - z*z, 2 * (y*z - w*x)},
		{2 * (x*z - w*y), 2 * (y*z + w*x), w*w - x*x - y*y + z*z},
	}
}
