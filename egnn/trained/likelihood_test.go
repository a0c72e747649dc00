package trained

import (
	"math"
	"strings"
	"testing"

	"equifm/egnn/trained/config"
	"equifm/flow/likelihood"
	"equifm/molecule"
)

// water is H₂O as QM9 has it, Å.
func water() *molecule.Molecule {
	return &molecule.Molecule{Elements: []molecule.Element{8, 1, 1}, Pos: [][3]float64{{0, 0, 0.117}, {0, 0.757, -0.471}, {0, -0.757, -0.471}}}
}

// A model tells a molecule from one with a bond too long.
func TestLikelihoodTellsMoleculesApart(t *testing.T) {
	m, err := Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	far := water()
	far.Pos[1][1] += 1
	o := m.LikelihoodOptions()
	o.Trace, o.End, o.RTol, o.ATol, o.Draws, o.Workers = likelihood.Hutchinson, 0.05, 1e-2, 1e-2, 4, 2
	l, err := m.Likelihood([]*molecule.Molecule{water(), far}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("water %.1f ± %.1f, a bond too long %.1f ± %.1f", l[0].LogP, l[0].Error, l[1].LogP, l[1].Error)
	if l[0].LogP < l[1].LogP+6 {
		t.Errorf("log p of water %.1f, with a bond 1 Å longer %.1f", l[0].LogP, l[1].LogP)
	}
}

// The exact trace and random directions give one number, any workers the same bits, and
// p(N) is the training set's.
func TestLikelihood(t *testing.T) {
	m, err := Open(version1)
	if err != nil {
		t.Fatal(err)
	}
	o := m.LikelihoodOptions()
	o.Trace, o.Workers = likelihood.Exact, 2
	seven := &molecule.Molecule{Elements: []molecule.Element{6, 1, 1, 1, 6, 1, 8}, Pos: [][3]float64{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {-1, -1, 0}, {-2, -1, 0}, {-1, -1, -1}}}
	exact, err := m.Likelihood([]*molecule.Molecule{seven}, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Trace, o.Probes = likelihood.Hutchinson, 32
	var some [2][]Likelihood
	for k := range some {
		o.Workers = k + 1
		if some[k], err = m.Likelihood([]*molecule.Molecule{seven}, o); err != nil {
			t.Fatal(err)
		}
	}
	e, h := exact[0], some[0][0]
	t.Logf("exact %.4f, 32 probes %.4f ± %.4f", e.LogP, h.LogP, h.Probes)
	if e.Dimensions != 3*6+6*7 || e.LogSize != math.Log(m.Sizes.Prob(7)) || math.Abs(e.LogP-h.LogP) > 3*h.Probes || !(h.Probes < 5) || e.Probes != 0 || h.LogP != some[1][0].LogP {
		t.Errorf("exact %+v, 32 probes %+v", exact, some)
	}
}

func TestLikelihoodMistakesAreErrors(t *testing.T) {
	m := small(t)
	for want, change := range map[string]func(x *molecule.Molecule, o *LikelihoodOptions){
		"molecule 1: atom 1 is Br":       func(x *molecule.Molecule, o *LikelihoodOptions) { x.Elements[0] = 35 },
		"molecule 1 has 0 atoms":         func(x *molecule.Molecule, o *LikelihoodOptions) { *x = molecule.Molecule{} },
		"the end time is 1, expected":    func(x *molecule.Molecule, o *LikelihoodOptions) { o.End = 1 },
		"likelihood: trace 9, expected ": func(x *molecule.Molecule, o *LikelihoodOptions) { o.Trace = 9 },
	} {
		x, o := water(), m.LikelihoodOptions()
		change(x, &o)
		if _, err := m.Likelihood([]*molecule.Molecule{x}, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// The likelihood is of a prior of any width, but not of a path that ends in more noise.
func TestLikelihoodOfAWidePrior(t *testing.T) {
	m := &Model{Config: config.Default()}
	for _, prior := range []float64{0.5, 1, 1.3} {
		m.Config.Path.Prior = prior
		if err := m.hasLikelihood(); err != nil {
			t.Errorf("prior %v: %v", prior, err)
		}
	}
	m.Config.Path.X, m.Config.Path.Prior = "ve(20)", 1
	if err := m.hasLikelihood(); err == nil || !strings.Contains(err.Error(), "wider than its prior") {
		t.Errorf("error %v", err)
	}
}
