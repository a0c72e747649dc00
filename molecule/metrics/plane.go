package metrics

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// offPlane is the largest distance (Å) of points from the plane that fits them
// best: through their centre, normal to the direction of least spread.
func offPlane(points []vec) float64 {
	var centre vec
	for _, p := range points {
		for k := range centre {
			centre[k] += p[k] / float64(len(points))
		}
	}
	spread := mat.NewSymDense(3, nil)
	for _, p := range points {
		d := sub(p, centre)
		spread.SymRankOne(spread, 1, mat.NewVecDense(3, d[:]))
	}
	var eig mat.EigenSym
	var axes mat.Dense
	if !eig.Factorize(spread, true) {
		return math.Inf(1)
	}
	eig.VectorsTo(&axes)
	normal := vec{axes.At(0, 0), axes.At(1, 0), axes.At(2, 0)}
	most := 0.0
	for _, p := range points {
		most = max(most, math.Abs(dot(sub(p, centre), normal)))
	}
	return most
}
