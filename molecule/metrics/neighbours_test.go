package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/molecule"
)

// A molecule turned, mirrored, moved and renumbered is at no distance from itself;
// with one bond of three stretched it is as far as that is; another formula is
// infinitely far.
func TestNearest(t *testing.T) {
	water := &molecule.Molecule{Elements: []molecule.Element{molecule.O, molecule.H, molecule.H}, Pos: [][3]float64{{}, {0.96, 0, 0}, {-0.24, 0.93, 0}}}
	far := &molecule.Molecule{Elements: water.Elements, Pos: [][3]float64{{}, {3, 0, 0}, {0, 3, 0}}}
	a, b := NewNeighbours(), NewNeighbours()
	a.Add(far)
	b.Add(water)
	a.Merge(b)
	rng := rand.New(rand.NewPCG(1, 1))
	s, c := math.Sincos(rng.Float64() * 6)
	turned := &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.O, molecule.H}}
	for _, i := range []int{2, 0, 1} {
		p := water.Pos[i]
		turned.Pos = append(turned.Pos, [3]float64{c*p[0] - s*p[1] + 5, s*p[0] + c*p[1], -p[2] + 2})
	}
	if d := a.Nearest(turned); d > 1e-6 {
		t.Errorf("itself is %v Å away", d)
	}
	stretched := &molecule.Molecule{Elements: water.Elements, Pos: [][3]float64{{}, {0.96, 0, 0}, {-0.24, 0.93, 0}}}
	stretched.Pos[1][0] += 0.3
	h := math.Hypot(1.26+0.24, 0.93) - math.Hypot(0.96+0.24, 0.93)
	if d := a.Nearest(stretched); math.Abs(d-(0.3+h)/3) > 1e-6 {
		t.Errorf("%v Å, want %v", d, (0.3+h)/3)
	}
	peroxide := &molecule.Molecule{Elements: []molecule.Element{molecule.O, molecule.O, molecule.H}, Pos: water.Pos}
	if d := a.Nearest(peroxide); !math.IsInf(d, 1) {
		t.Errorf("another formula is %v Å away", d)
	}
}
