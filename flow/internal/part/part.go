// Package part draws connected parts of molecules that are known by their positions alone.
package part

import (
	"math"
	"math/rand/v2"
)

// reach, Å, is how far a neighbour is at most: beyond the bonds of QM9's elements (C–C
// 1.54) and short of two hydrogens of one atom (1.63 in NH2, 1.78 in CH2).
const reach = 1.6

// Grower draws parts. Its memory is reused, so it is one goroutine's.
type Grower struct {
	distance []float64 // (N) squared, of each atom to the part, Å²; +Inf before there is one
	allowed  []bool    // (N) to be in the part, and not yet there
	near     []int     // atoms that may be next
	atoms    []int     // of the part
}

// Draw returns the atoms of a part of the molecule at x (N, 3), Å, N at least 2: one atom
// and more that are near to it or to each other, all but one at most. Half of the parts
// are of atoms with two neighbours or more alone, where there are any, so that rings and
// chains come without their hydrogens too. Only distances are looked at. The result holds
// until the next call.
func (g *Grower) Draw(rng *rand.Rand, x []float64) []int {
	n := len(x) / 3
	g.distance, g.allowed, g.atoms = resize(g.distance, n), resize(g.allowed, n), g.atoms[:0]
	left := g.allow(x, rng.IntN(2) == 0)
	size := 1 + rng.IntN(min(left, n-1))
	for i := range g.distance {
		g.distance[i] = math.Inf(1)
	}
	for len(g.atoms) < size {
		next := g.next(rng)
		g.allowed[next], g.atoms = false, append(g.atoms, next)
		for i := range n {
			g.distance[i] = min(g.distance[i], squared(x, i, next))
		}
	}
	return g.atoms
}

// allow settles which atoms may be in the part, and returns how many they are.
func (g *Grower) allow(x []float64, inner bool) (count int) {
	n := len(x) / 3
	for i := range n {
		neighbours := 0
		for j := range n {
			if j != i && squared(x, i, j) < reach*reach {
				neighbours++
			}
		}
		if g.allowed[i] = !inner || neighbours > 1; g.allowed[i] {
			count++
		}
	}
	if count == 0 {
		return g.allow(x, false)
	}
	return count
}

// next returns an atom near to the part, at random; the nearest where none is; any where
// there is no part yet.
func (g *Grower) next(rng *rand.Rand) int {
	nearest, least := -1, math.Inf(1)
	g.near = g.near[:0]
	for i, d := range g.distance {
		if !g.allowed[i] {
			continue
		}
		if d < reach*reach || len(g.atoms) == 0 {
			g.near = append(g.near, i)
		}
		if nearest < 0 || d < least {
			nearest, least = i, d
		}
	}
	if len(g.near) == 0 {
		return nearest
	}
	return g.near[rng.IntN(len(g.near))]
}

func squared(x []float64, i, j int) (d float64) {
	for k := range 3 {
		u := x[3*i+k] - x[3*j+k]
		d += u * u
	}
	return d
}

func resize[E any](x []E, n int) []E {
	if cap(x) < n {
		return make([]E, n)
	}
	return x[:n]
}
