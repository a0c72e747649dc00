package chains

import "math"

// vec is a position, Å, or a direction.
type vec = [3]float64

func add(a, b vec) vec { return vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func sub(a, b vec) vec { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func scaled(s float64, a vec) vec { return vec{s * a[0], s * a[1], s * a[2]} }

func dot(a, b vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func unit(a vec) vec { return scaled(1/math.Sqrt(dot(a, a)), a) }

// across returns the unit part of a that is across the unit axis; any such direction
// where a is along it.
func across(a, axis vec) vec {
	for _, v := range []vec{a, {1, 0, 0}, {0, 1, 0}} {
		if p := sub(v, scaled(dot(v, axis), axis)); dot(p, p) > 1e-6 {
			return unit(p)
		}
	}
	panic("chains: an axis that is no unit vector")
}

// frame is three directions at right angles.
type frame [3]vec

// newFrame returns the one with an axis and the direction of a across it.
func newFrame(axis, a vec) frame {
	side := across(a, axis)
	return frame{axis, side, cross(axis, side)}
}

// turn returns what v, seen from one frame, is seen from another.
func turn(v vec, from, to frame) (out vec) {
	for k := range from {
		out = add(out, scaled(dot(v, from[k]), to[k]))
	}
	return out
}
