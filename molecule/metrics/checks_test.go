package metrics

import (
	"math"
	"reflect"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

// kekule is benzene with its bonds 1.35 and 1.43 Å in turn: at equal lengths
// the tables of bond lengths see no double bonds.
func kekule() *molecule.Molecule {
	m := &molecule.Molecule{}
	for k := range 12 {
		e, r := molecule.C, 1.39
		if k >= 6 {
			e, r = molecule.H, 1.39+1.09
		}
		s, c := math.Sincos(math.Pi / 180 * float64(60*k+k%2*2))
		m.Elements = append(m.Elements, e)
		m.Pos = append(m.Pos, vec{r * c, r * s, 0})
	}
	return m
}

// ethene with its second half turned about the double bond.
func ethene(turn float64) *molecule.Molecule {
	m := &molecule.Molecule{Elements: []molecule.Element{molecule.C, molecule.C, molecule.H, molecule.H, molecule.H, molecule.H}}
	s, c := math.Sincos(turn * math.Pi / 180)
	m.Pos = []vec{{0, 0, 0.667}, {0, 0, -0.667}, {0, 0.923, 1.237}, {0, -0.923, 1.237},
		{0.923 * s, 0.923 * c, -1.237}, {-0.923 * s, -0.923 * c, -1.237}}
	return m
}

// join puts two molecules side by side, the second moved along z by d Å.
func join(a, b *molecule.Molecule, d float64) *molecule.Molecule {
	m := &molecule.Molecule{Elements: append(append([]molecule.Element{}, a.Elements...), b.Elements...), Pos: append([]vec{}, a.Pos...)}
	for _, p := range b.Pos {
		m.Pos = append(m.Pos, vec{p[0], p[1], p[2] + d})
	}
	return m
}

// Each check fails on what it is for, and on that alone.
func TestChecks(t *testing.T) {
	benzene := kekule()
	folded := kekule()
	for i, p := range folded.Pos { // fold along the x axis by 60°
		folded.Pos[i] = vec{p[0], p[1] * math.Cos(math.Pi/6), math.Abs(p[1]) * math.Sin(math.Pi/6)}
	}
	for _, c := range []struct {
		name  string
		m     *molecule.Molecule
		fails []Check
	}{
		{"benzene", benzene, nil},
		{"benzene, folded", folded, []Check{CheckFlatAromatic}},
		{"ethene", ethene(0), nil},
		{"ethene, half a turn", ethene(180), nil},
		{"ethene, twisted", ethene(60), []Check{CheckFlatDouble}},
		{"two far molecules", join(benzene, ethene(0), 20), []Check{CheckOneFragment}},
		{"two that touch", join(benzene, benzene, 2.0), []Check{CheckOneFragment, CheckClash}},
		{"short bond", &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.F}, Pos: []vec{{}, {0, 0, 0.6}}}, []Check{CheckBondLengths}},
		{"water, sharp", &molecule.Molecule{Elements: []molecule.Element{molecule.O, molecule.H, molecule.H}, Pos: []vec{{}, {0.96, 0, 0}, {0.34, 0.9, 0}}}, []Check{CheckBondAngles}},
		{"five bonds on C", &molecule.Molecule{Elements: []molecule.Element{molecule.C, molecule.H, molecule.H, molecule.H, molecule.H, molecule.H}, Pos: []vec{{}, {0, 0, 1.09}, {0, 0, -1.09}, {1.09, 0, 0}, {-0.545, 0.944, 0}, {-0.545, -0.944, 0}}},
			[]Check{CheckValid}},
		{"an atom nowhere", &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.F}, Pos: []vec{{}, {0, 0, math.NaN()}}}, []Check{CheckValid, CheckOneFragment}},
		{"no atoms", &molecule.Molecule{}, []Check{CheckValid, CheckOneFragment}},
	} {
		judger := Judger{Table: bonds.QM9()}
		got := judger.Judge(c.m).Checks
		want := Checks{Clashes: got.Clashes, Has: got.Has}
		for k := range want.OK {
			want.OK[k] = true
		}
		for _, k := range c.fails {
			want.OK[k] = false
		}
		if got != want {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
		if (got.Clashes > 0) == got.OK[CheckClash] || got.Passed() != (len(c.fails) == 0) {
			t.Errorf("%s: %+v contradicts itself", c.name, got)
		}
	}
}

// A check counts the molecules that have what it looks at.
func TestChecksCountWhatTheyLookAt(t *testing.T) {
	judger, tally := Judger{Table: bonds.QM9()}, Tally{}
	fluoride := &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.F}, Pos: []vec{{}, {0, 0, 0.92}}}
	for _, m := range []*molecule.Molecule{kekule(), ethene(0), ethene(60), fluoride, {}} {
		tally.Add(judger.Judge(m))
	}
	want := map[string]Share{"valid": {4, 5}, "one_fragment": {4, 5}, "bond_lengths": {4, 4}, "bond_angles": {3, 3}, "flat_aromatic_rings": {1, 1},
		"flat_double_bonds": {1, 2}, "no_clash": {1, 1}, "all": {3, 5}}
	if got := tally.Totals().Checks; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOffPlane(t *testing.T) {
	tilted := func(p vec) vec { // an orthogonal map
		return vec{(2*p[0] - p[1] + 2*p[2]) / 3, (2*p[0] + 2*p[1] - p[2]) / 3, (-p[0] + 2*p[1] + 2*p[2]) / 3}
	}
	points := []vec{{3, 0, 0.1}, {-3, 0, 0.1}, {0, 4, -0.1}, {0, -4, -0.1}}
	for i, p := range points {
		points[i] = tilted(p)
	}
	if got := offPlane(points); math.Abs(got-0.1) > 1e-12 {
		t.Errorf("got %g, want 0.1", got)
	}
	if got := offPlane([]vec{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}); got != 0 {
		t.Errorf("coincident points: %g", got)
	}
}
