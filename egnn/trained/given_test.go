package trained

import (
	"math"
	"slices"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
)

// told returns a model that has learned nothing, but can be told what is given; more are
// keys of its section [train].
func told(t *testing.T, more string) *Model {
	t.Helper()
	c, err := config.Parse("name = \"g\"\n[eot]\nmode = \"none\"\n[train]\n"+more+"[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"dpm\"\nsteps = 4\neta = 1.0\n", "g")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(c, datasets.SizeHistogram(set.Molecules[:100]), flow.Moments{Data: 1.7, Noise: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const bothTold = "given_types = 0.2\ngiven_parts = 0.2\n"

// cyclopropane is a ring without its hydrogens, somewhere.
func cyclopropane() *molecule.Molecule {
	return &molecule.Molecule{Elements: []molecule.Element{molecule.C, molecule.C, molecule.O},
		Pos: [][3]float64{{10.1, -3.2, 0.123456789}, {11.6, -3.2, 0}, {10.85, -1.9, 0.1}}}
}

// Every molecule has the formula, every one has the scaffold where it was to the last
// digit, with both and with either; they differ, and workers change nothing.
func TestGivenIsKept(t *testing.T) {
	m := told(t, bothTold)
	atoms, err := molecule.ParseFormula("C3H6O2")
	if err != nil {
		t.Fatal(err)
	}
	ring := cyclopropane()
	for name, change := range map[string]func(o *Options){
		"a formula":  func(o *Options) { o.Elements = atoms },
		"a scaffold": func(o *Options) { o.Scaffold = ring },
		"in a range": func(o *Options) { o.Scaffold, o.Atoms, o.MostAtoms = ring, 1, 12 },
		"of a size":  func(o *Options) { o.Scaffold, o.Atoms = ring, 9 },
		"both":       func(o *Options) { o.Elements, o.Scaffold = atoms, ring },
		"later":      func(o *Options) { o.Elements, o.Scaffold, o.TypesFrom = atoms, ring, 0.6 },
		"again":      func(o *Options) { o.Scaffold, o.Resample = ring, 3 },
		"at last":    func(o *Options) { o.Elements, o.TypesFrom = atoms, 1e-6 }, // below the last evaluation's time
	} {
		all := sample(t, m, change)
		sample(t, m, func(o *Options) {
			change(o)
			o.Watch = func(_ int, at float64, x *molecule.Molecule) error {
				if o.Scaffold != nil && at < 0.2 && math.Abs(x.Pos[0][0]-ring.Pos[0][0]) > 1 {
					t.Errorf("%s: at t = %v the part begins at %v, not near %v", name, at, x.Pos[0], ring.Pos[0])
				}
				return nil
			}
		})
		again := sample(t, m, func(o *Options) { change(o); o.Workers, o.Number, o.First = 1, 5, 7 })
		if !slices.EqualFunc(all[7:], again, same) {
			t.Errorf("%s: the last five by one worker are others", name)
		}
		o := m.Options()
		change(&o)
		for i, x := range all {
			if o.Elements != nil && x.Formula() != "C3H6O2" {
				t.Errorf("%s: molecule %d is %s", name, i, x.Formula())
			}
			if o.Scaffold != nil && (!slices.Equal(x.Elements[:3], ring.Elements) || !slices.Equal(x.Pos[:3], ring.Pos) || x.Len() < 4) {
				t.Errorf("%s: molecule %d begins with %v at %v", name, i, x.Elements[:3], x.Pos[:3])
			}
			if o.Atoms > 0 && o.MostAtoms == 0 && x.Len() != 9 || o.MostAtoms > 0 && x.Len() > 12 {
				t.Errorf("%s: molecule %d has %d atoms", name, i, x.Len())
			}
			if i > 0 && same(x, all[0]) {
				t.Errorf("%s: molecule %d is the first again", name, i)
			}
		}
	}
}

// Nothing given, a model that can be told draws what one of the same weights draws; its
// likelihood is there.
func TestToldNothing(t *testing.T) {
	m, plain := told(t, bothTold), told(t, "")
	if err := plain.Field.Adopt(m.Field, m.Average, []int{0, 1, 2, 3, 4, 5}, nil); err != nil {
		t.Fatal(err)
	}
	plain.Average = plain.Field.Params().Data
	nothing := func(*Options) {}
	if !slices.EqualFunc(sample(t, m, nothing), sample(t, plain, nothing), func(a, b *molecule.Molecule) bool { return slices.Equal(a.Elements, b.Elements) }) {
		t.Error("columns of zeros change what is drawn")
	}
	o := m.LikelihoodOptions()
	o.End, o.RTol, o.ATol = 0.3, 0.1, 0.1
	if _, err := m.Likelihood([]*molecule.Molecule{cyclopropane()}, o); err != nil {
		t.Error(err)
	}
}

// What cannot be is an error that says so.
func TestGivenRefusals(t *testing.T) {
	both, plain := told(t, bothTold), told(t, "")
	formula := func(text string) []molecule.Element {
		atoms, err := molecule.ParseFormula(text)
		if err != nil {
			t.Fatal(err)
		}
		return atoms
	}
	for want, c := range map[string]struct {
		m      *Model
		change func(o *Options)
	}{
		"train one with train.given_types above 0": {plain, func(o *Options) { o.Elements = formula("CH4") }},
		"train one with train.given_parts above 0": {told(t, "given_types = 1.0\n"), func(o *Options) { o.Scaffold = cyclopropane() }},
		"a formula with S, which is none of":       {both, func(o *Options) { o.Elements = formula("CH4S") }},
		"a formula says how many atoms there are":  {both, func(o *Options) { o.Elements, o.Atoms = formula("CH4"), 5 }},
		"the scaffold has more atoms of O than":    {both, func(o *Options) { o.Elements, o.Scaffold = formula("C4H4"), cyclopropane() }},
		"a scaffold of 3 atoms in molecules of 3":  {both, func(o *Options) { o.Scaffold, o.Atoms = cyclopropane(), 3 }},
		"a scaffold of 0 atoms":                    {both, func(o *Options) { o.Scaffold = new(molecule.Molecule) }},
		"atom 1 of the scaffold is S, which": {both, func(o *Options) {
			o.Scaffold = cyclopropane()
			o.Scaffold.Elements[0] = formula("S")[0]
		}},
		"expected numbers of less than 10000 Å": {both, func(o *Options) {
			o.Scaffold = cyclopropane()
			o.Scaffold.Pos[1][2] = 1e9
		}},
	} {
		o := c.m.Options()
		o.Number = 2
		c.change(&o)
		if _, _, err := c.m.Sample(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
