// Package moleculetest has the graphs and the files of molecules that tests of
// several packages share.
package moleculetest

import "equifm/molecule"

// Carbons returns a graph of n carbons with single bonds.
func Carbons(n int, pairs ...[2]int) *molecule.Graph {
	g := &molecule.Graph{}
	for range n {
		g.Elements = append(g.Elements, molecule.C)
	}
	for _, p := range pairs {
		i, j := min(p[0], p[1]), max(p[0], p[1])
		g.Bonds = append(g.Bonds, molecule.Bond{I: int32(i), J: int32(j), Order: molecule.Single})
	}
	g.SortBonds()
	return g
}

// Circulant returns n carbons on a circle, each bonded to those some steps on.
func Circulant(n int, steps ...int) *molecule.Graph {
	var pairs [][2]int
	for i := range n {
		for _, s := range steps {
			pairs = append(pairs, [2]int{i, (i + s) % n})
		}
	}
	return Carbons(n, pairs...)
}

// GeneralisedPetersen returns a circle of n carbons, each bonded to one of n
// more, which are bonded k steps on: GP(4,1) is cubane, GP(10,2) dodecahedrane.
func GeneralisedPetersen(n, k int) *molecule.Graph {
	var pairs [][2]int
	for i := range n {
		pairs = append(pairs, [2]int{i, (i + 1) % n}, [2]int{i, n + i}, [2]int{n + i, n + (i+k)%n})
	}
	return Carbons(2*n, pairs...)
}
