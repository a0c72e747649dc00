package smiles_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
	"equifm/molecule/internal/moleculetest"
	"equifm/molecule/smiles"
)

// relabelled returns g with its atoms in a random order.
func relabelled(g *molecule.Graph, rng *rand.Rand) *molecule.Graph {
	p := rng.Perm(len(g.Elements))
	r := &molecule.Graph{Elements: make([]molecule.Element, len(p)), Bonds: make([]molecule.Bond, len(g.Bonds))}
	for i, to := range p {
		r.Elements[to] = g.Elements[i]
	}
	for k, b := range g.Bonds {
		i, j := int32(p[b.I]), int32(p[b.J])
		r.Bonds[k] = molecule.Bond{I: min(i, j), J: max(i, j), Order: b.Order}
	}
	r.SortBonds()
	return r
}

func union(a, b *molecule.Graph) *molecule.Graph {
	n := int32(len(a.Elements))
	u := &molecule.Graph{Elements: slices.Concat(a.Elements, b.Elements), Bonds: slices.Clone(a.Bonds)}
	for _, k := range b.Bonds {
		u.Bonds = append(u.Bonds, molecule.Bond{I: k.I + n, J: k.J + n, Order: k.Order})
	}
	return u
}

// The canonical string of a symmetric graph does not depend on the order of the
// atoms, and tells graphs apart that refinement alone does not.
func TestCanonicalSymmetricGraphs(t *testing.T) {
	graphs := map[string]*molecule.Graph{
		"cubane":                   moleculetest.GeneralisedPetersen(4, 1),
		"Möbius ladder of 8":       moleculetest.Circulant(8, 1, 4),
		"dodecahedrane":            moleculetest.GeneralisedPetersen(10, 2),
		"GP(10,3), Desargues":      moleculetest.GeneralisedPetersen(10, 3),
		"Petersen":                 moleculetest.GeneralisedPetersen(5, 2),
		"prismane of 5":            moleculetest.GeneralisedPetersen(5, 1),
		"C60":                      moleculetest.TruncatedIcosahedron(),
		"K5":                       moleculetest.Circulant(5, 1, 2),
		"two rings of 3":           union(moleculetest.Circulant(3, 1), moleculetest.Circulant(3, 1)),
		"a ring of 6":              moleculetest.Circulant(6, 1),
		"cubane and Möbius ladder": union(moleculetest.GeneralisedPetersen(4, 1), moleculetest.Circulant(8, 1, 4)),
		"a torus of 4 by 4":        torus(4, 4),
		"Shrikhande's graph":       shrikhande(),
		"rook's graph":             rook(4),
	}
	rng := rand.New(rand.NewPCG(1, 4))
	seen := map[string]string{}
	for name, g := range graphs {
		want := bare(g)
		for range 100 {
			if got := bare(relabelled(g, rng)); got != want {
				t.Fatalf("%s: %s, relabelled %s", name, want, got)
			}
		}
		if other, ok := seen[want]; ok {
			t.Errorf("%s and %s have the same string %s", name, other, want)
		}
		seen[want] = name
	}
}

func torus(n, m int) *molecule.Graph {
	var pairs [][2]int
	for i := range n {
		for j := range m {
			pairs = append(pairs, [2]int{i*m + j, (i+1)%n*m + j}, [2]int{i*m + j, i*m + (j+1)%m})
		}
	}
	return moleculetest.Carbons(n*m, pairs...)
}

// shrikhande and rook(4) are strongly regular with equal parameters: no
// refinement by neighbours tells them apart.
func shrikhande() *molecule.Graph {
	var pairs [][2]int
	for i := range 4 {
		for j := range 4 {
			a := 4*i + j
			pairs = append(pairs, [2]int{a, 4*((i+1)%4) + j}, [2]int{a, 4*i + (j+1)%4}, [2]int{a, 4*((i+1)%4) + (j+1)%4})
		}
	}
	return moleculetest.Carbons(16, pairs...)
}

func rook(n int) *molecule.Graph {
	var pairs [][2]int
	for a := range n * n {
		for b := range a {
			if a/n == b/n || a%n == b%n {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return moleculetest.Carbons(n*n, pairs...)
}

// The verdict on a molecule, and the string of all its fragments, do not depend
// on the order of its atoms. (Which fragment is the largest does, among equals.)
func TestCanonicalRelabelling(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 4))
	molecules := moleculetest.Golden(t)
	for i, m := range molecules[:min(1000, len(molecules))] {
		g := bonds.QM9().Perceive(m)
		want, valid := canonical(g)
		for range 100 {
			if got, ok := canonical(relabelled(g, rng)); got != want || ok != valid {
				t.Fatalf("molecule %d: %s (valid %v), relabelled %s (valid %v)", i, want, valid, got, ok)
			}
		}
	}
}

// bare returns the string of a graph as it stands, not sanitised.
func bare(g *molecule.Graph) string {
	var s chem.Structure
	s.Reset(g)
	return smiles.Canonical(&s)
}

// canonical returns g's string, of the bare graph where it is not valid.
func canonical(g *molecule.Graph) (text string, valid bool) {
	s, err := chem.Sanitize(g)
	if err != nil {
		return bare(g), false
	}
	return smiles.Canonical(s), true
}

// Among all graphs of a few atoms, strings are equal exactly when some
// permutation of the atoms maps one graph on the other.
func TestCanonicalAgainstPermutations(t *testing.T) {
	const n = 5
	rng := rand.New(rand.NewPCG(3, 4))
	least := map[string]string{} // by canonical string, the least listing over all permutations
	back := map[string]string{}
	for range 300 {
		g := &molecule.Graph{}
		for range n {
			g.Elements = append(g.Elements, []molecule.Element{molecule.C, molecule.C, molecule.N, molecule.H}[rng.IntN(4)])
		}
		for i := range int32(n) {
			for j := i + 1; j < n; j++ {
				if o := rng.IntN(4); o == 1 || o == 2 {
					g.Bonds = append(g.Bonds, molecule.Bond{I: i, J: j, Order: molecule.BondOrder(o)})
				}
			}
		}
		s, l := bare(g), leastListing(g)
		if old, ok := least[s]; ok && old != l {
			t.Fatalf("%s is two graphs", s)
		}
		if old, ok := back[l]; ok && old != s {
			t.Fatalf("one graph is %s and %s", old, s)
		}
		least[s], back[l] = l, s
	}
}

func leastListing(g *molecule.Graph) string {
	best := ""
	n := len(g.Elements)
	var try func(p []int)
	try = func(p []int) {
		if len(p) == n {
			orders := make([]molecule.BondOrder, n*n)
			for _, b := range g.Bonds {
				i, j := p[b.I], p[b.J]
				orders[i*n+j], orders[j*n+i] = b.Order, b.Order
			}
			elements := make([]molecule.Element, n)
			for i, to := range p {
				elements[to] = g.Elements[i]
			}
			if s := fmt.Sprint(elements, orders); best == "" || s < best {
				best = s
			}
			return
		}
		for i := range n {
			if !slices.Contains(p, i) {
				try(append(p, i))
			}
		}
	}
	try(nil)
	return best
}
