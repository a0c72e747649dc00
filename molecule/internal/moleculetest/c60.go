package moleculetest

import (
	"slices"

	"equifm/molecule"
)

// TruncatedIcosahedron is C60: the even permutations, with all signs, of
// (0, 1, 3φ), (1, 2+φ, 2φ) and (φ, 2, 2φ+1), bonded at a distance of 2.
func TruncatedIcosahedron() *molecule.Graph {
	const phi = 1.618033988749895
	var at [][3]float64
	for _, v := range [][3]float64{{0, 1, 3 * phi}, {1, 2 + phi, 2 * phi}, {phi, 2, 2*phi + 1}} {
		for turn := range 3 {
			for signs := range 8 {
				var p [3]float64
				for k := range 3 {
					p[(k+turn)%3] = v[k] * float64(1-2*(signs>>k&1))
				}
				if !slices.Contains(at, p) {
					at = append(at, p)
				}
			}
		}
	}
	var pairs [][2]int
	for i := range at {
		for j := range i {
			d2 := 0.0
			for k := range 3 {
				d2 += (at[i][k] - at[j][k]) * (at[i][k] - at[j][k])
			}
			if d2 < 4.01 {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return Carbons(len(at), pairs...)
}
