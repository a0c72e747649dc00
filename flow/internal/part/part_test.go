package part

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// ethane is two carbons, the first, and six hydrogens.
func ethane() (x []float64) {
	x = append(x, 0, 0, 0, 1.53, 0, 0)
	for k, y := range []float64{-0.36, 1.89} {
		_ = k
		x = append(x, y, 1.02, 0, y, -0.51, 0.88, y, -0.51, -0.88)
	}
	return x
}

// Parts are connected, leave an atom out, have every size, and half of them are carbons
// alone.
func TestPartsAreConnected(t *testing.T) {
	x, rng, g := ethane(), rand.New(rand.NewPCG(1, 1)), new(Grower)
	sizes, carbons := map[int]int{}, 0
	for range 600 {
		atoms := g.Draw(rng, x)
		sizes[len(atoms)]++
		if slices.Max(atoms) < 2 {
			carbons++
		}
		for k, a := range atoms[1:] {
			if !slices.ContainsFunc(atoms[:k+1], func(b int) bool { return squared(x, a, b) < reach*reach }) {
				t.Fatalf("atom %d of %v is near to none before it", a, atoms)
			}
		}
	}
	for n := 1; n < 8; n++ {
		if sizes[n] < 20 {
			t.Errorf("%d parts of %d atoms", sizes[n], n)
		}
	}
	if sizes[8] > 0 || carbons < 250 || carbons > 400 {
		t.Errorf("%d parts are whole molecules, %d of 600 are carbons alone", sizes[8], carbons)
	}
}

// Atoms far from each other have parts too, grown to the nearest.
func TestApart(t *testing.T) {
	g, rng := new(Grower), rand.New(rand.NewPCG(2, 2))
	x := []float64{0, 0, 0, 5, 0, 0, 11, 0, 0}
	for range 50 {
		if atoms := g.Draw(rng, x); len(atoms) == 2 && slices.Contains(atoms, 2) && !slices.Contains(atoms, 1) {
			t.Fatalf("part %v", atoms)
		}
	}
}
