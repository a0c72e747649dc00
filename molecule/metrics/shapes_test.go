package metrics

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"equifm/molecule"
)

func binned(width float64, values ...float64) *Bins {
	m := map[Kind]*Bins{}
	for _, v := range values {
		add(m, Kind{}, width, v)
	}
	return m[Kind{}]
}

// The binned distance against the definition on sorted values, to one bin; and
// a shift of all values is the distance it makes.
func TestWasserstein(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const n, width = 500, 0.001
	a, b := make([]float64, n), make([]float64, n)
	for i := range a {
		a[i], b[i] = 1+0.1*math.Abs(rng.NormFloat64()), 1.2+0.2*rng.Float64()
	}
	slices.Sort(a)
	slices.Sort(b)
	want := 0.0
	for i := range a {
		want += math.Abs(a[i]-b[i]) / n
	}
	A, B := binned(width, a...), binned(width, b...)
	if got := Wasserstein(A, B); math.Abs(got-want) > width || got != Wasserstein(B, A) {
		t.Errorf("got %g, sorted %g, the other way %g", got, want, Wasserstein(B, A))
	}
	if got := Wasserstein(A, A); got != 0 {
		t.Errorf("distance to itself %g", got)
	}
	if got := Wasserstein(binned(0.5, 1, 2), binned(0.5, 4, 5)); math.Abs(got-3) > 1e-12 {
		t.Errorf("a shift by 3 is %g", got)
	}
	if got := Wasserstein(binned(0.5, 1), &Bins{Width: 0.5}); !math.IsNaN(got) {
		t.Errorf("distance to nothing %g", got)
	}
}

func TestAnglesAndDihedrals(t *testing.T) {
	turn := func(deg float64) vec { // a fourth atom behind c, turned about the z axis
		s, c := math.Sincos(deg * math.Pi / 180)
		return vec{c, s, 2}
	}
	a, b, c := vec{1, 0, 0}, vec{0, 0, 0}, vec{0, 0, 1.5}
	for _, deg := range []float64{0, 30, 90, 150, 180, -60} {
		if got, ok := dihedral(a, b, c, turn(deg)); !ok || math.Abs(got-math.Abs(deg)) > 1e-9 {
			t.Errorf("dihedral of %g: %g", deg, got)
		}
	}
	if _, ok := dihedral(vec{0, 0.01, -1}, b, c, turn(0)); ok {
		t.Error("a straight angle has a dihedral")
	}
	if got := angle(a, b, vec{-1, 1, 0}); math.Abs(got-135) > 1e-12 {
		t.Errorf("angle %g, want 135", got)
	}
}

// Shapes don't depend on the order in which parts were counted.
func TestShapesMerge(t *testing.T) {
	all, left, right := NewShapes(), NewShapes(), NewShapes()
	for i := range 40 {
		m, g := chain(3 + i)
		all.Add(m, g)
		[]*Shapes{left, right}[i%2].Add(m, g)
	}
	right.Merge(left)
	c := right.Compare(all)
	if !reflect.DeepEqual(right.Elements, all.Elements) || len(c.Lengths.ByKind) == 0 || len(c.Dihedrals.ByKind) == 0 {
		t.Fatalf("merged %+v, all %+v", right, all)
	}
	for name, d := range map[string]Distances{"lengths": c.Lengths, "angles": c.Angles, "dihedrals": c.Dihedrals} {
		if *d.Mean != 0 || d.Covered != 1 {
			t.Errorf("%s: the parts are %g from the whole, covering %g", name, *d.Mean, d.Covered)
		}
	}
	if none := NewShapes().Compare(all); none.Lengths.Mean != nil || none.ElementTV != 1 {
		t.Errorf("nothing compared with something: %+v", none)
	}
}

func TestTotalVariation(t *testing.T) {
	for _, c := range []struct {
		a, b []int
		want float64
	}{{[]int{1, 1}, []int{5, 5}, 0}, {[]int{1, 0}, []int{0, 3}, 1}, {[]int{1, 1}, []int{1, 3}, 0.25}, {[]int{0, 0}, []int{1, 3}, 1}} {
		if got := totalVariation(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

func TestKindString(t *testing.T) {
	for _, c := range []struct {
		k    Kind
		want string
	}{{bondKind(molecule.H, molecule.C, molecule.Single), "C-H"}, {bondKind(molecule.O, molecule.C, molecule.Double), "C=O"}, {bondKind(molecule.N, molecule.C, molecule.Triple), "C#N"}, {bondKind(molecule.H, molecule.H, molecule.Single), "H-H"}, {Kind{A: molecule.N}, "N"}} {
		if got := c.k.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// chain is a molecule of n atoms in a zigzag of bonds.
func chain(n int) (*molecule.Molecule, *molecule.Graph) {
	m, g := &molecule.Molecule{}, &molecule.Graph{}
	for i := range n {
		m.Elements = append(m.Elements, []molecule.Element{molecule.H, molecule.C, molecule.O}[i%3])
		m.Pos = append(m.Pos, vec{float64(i), float64(i % 2), float64(i * i % 5)})
		if i > 0 {
			g.Bonds = append(g.Bonds, molecule.Bond{I: int32(i - 1), J: int32(i), Order: molecule.BondOrder(i%3 + 1)})
		}
	}
	g.Elements = m.Elements
	return m, g
}
