package metrics

import "math"

type vec = [3]float64

func sub(a, b vec) vec { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func dot(a, b vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// angle is the angle a-b-c in degrees.
func angle(a, b, c vec) float64 {
	u, v := sub(a, b), sub(c, b)
	n := cross(u, v)
	return math.Atan2(math.Sqrt(dot(n, n)), dot(u, v)) * 180 / math.Pi
}

// dihedral is the angle between the planes a-b-c and b-c-d in degrees, from 0
// (cis) to 180 (trans), alike for mirror images; ok is false where an angle is
// straight and there is no plane.
func dihedral(a, b, c, d vec) (deg float64, ok bool) {
	axis := sub(c, b)
	m, n := cross(sub(b, a), axis), cross(axis, sub(d, c))
	if limit := straight * dot(axis, axis); dot(m, m) < limit || dot(n, n) < limit {
		return 0, false
	}
	k := cross(m, n)
	return math.Atan2(math.Sqrt(dot(k, k)), dot(m, n)) * 180 / math.Pi, true
}

// straight bounds the squared distance (Å²) of an atom from the axis of a
// dihedral: nearer than 0.1 Å its direction is mostly noise.
const straight = 0.01
