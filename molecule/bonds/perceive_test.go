package bonds_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

// cloud returns n atoms of the given elements in a cube of that edge, in Å.
func cloud(n int, edge float64, elements []molecule.Element, rng *rand.Rand) *molecule.Molecule {
	m := &molecule.Molecule{}
	for range n {
		m.Elements = append(m.Elements, elements[rng.IntN(len(elements))])
		m.Pos = append(m.Pos, [3]float64{edge * rng.Float64(), edge * rng.Float64(), edge * rng.Float64()})
	}
	return m
}

// allPairs perceives bonds the plain way.
func allPairs(m *molecule.Molecule, t *bonds.Table) (all []molecule.Bond) {
	for i := range m.Pos {
		for j := i + 1; j < len(m.Pos); j++ {
			dx, dy, dz := m.Pos[i][0]-m.Pos[j][0], m.Pos[i][1]-m.Pos[j][1], m.Pos[i][2]-m.Pos[j][2]
			pm := 100 * math.Sqrt(dx*dx+dy*dy+dz*dz)
			if o := t.Order(m.Elements[i], m.Elements[j], pm); o > 0 {
				all = append(all, molecule.Bond{I: int32(i), J: int32(j), Order: o})
			}
		}
	}
	return all
}

// The cells give the bonds of all pairs, in order, for flat, thin, spread-out
// and partly infinite clouds too.
func TestPerceiveByCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 4))
	elements := []molecule.Element{molecule.H, molecule.C, molecule.N, molecule.O, molecule.S, molecule.I}
	for _, n := range []int{1, 2, 63, 64, 65, 500} {
		for _, squeeze := range [][3]float64{{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {0, 0, 0}, {1e9, 1, 1}, {1, 1e300, 1}} {
			for _, table := range []*bonds.Table{bonds.QM9(), bonds.GEOM()} {
				m := cloud(n, 2*math.Cbrt(float64(n)), elements, rng)
				for i := range m.Pos {
					for k := range 3 {
						m.Pos[i][k] *= squeeze[k]
					}
				}
				if n > 2 {
					m.Pos[1] = [3]float64{math.NaN(), 0, math.Inf(1)}
				}
				if got, want := table.Perceive(m).Bonds, allPairs(m, table); !slices.Equal(got, want) {
					t.Fatalf("%d atoms squeezed by %v: %d bonds, want %d", n, squeeze, len(got), len(want))
				}
			}
		}
	}
}

// A bond order begins where the length plus the margin ends (EDM's 10, 5, 3 pm).
func TestBondOrderMargins(t *testing.T) {
	for _, c := range []struct {
		a, b molecule.Element
		pm   float64
		want molecule.BondOrder
	}{
		{molecule.C, molecule.C, 164, 0}, {molecule.C, molecule.C, 163.9, 1},
		{molecule.C, molecule.C, 139, 1}, {molecule.C, molecule.C, 138.9, 2},
		{molecule.C, molecule.C, 123, 2}, {molecule.C, molecule.C, 122.9, 3},
		{molecule.O, molecule.N, 125, 2}, {molecule.O, molecule.N, 80, 2},
		{molecule.H, molecule.H, 83.9, 1}, {molecule.H, molecule.H, 0, 1},
		{molecule.C, molecule.C, math.NaN(), 0}, {molecule.C, molecule.S, 100, 0},
	} {
		if got := bonds.QM9().Order(c.a, c.b, c.pm); got != c.want {
			t.Errorf("%v-%v at %g pm: order %d, want %d", c.a, c.b, c.pm, got, c.want)
		}
	}
	if got := bonds.GEOM().Order(molecule.P, molecule.O, 154); got != 2 {
		t.Errorf("P-O at 154 pm: order %d", got)
	}
}
