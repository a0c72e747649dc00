package trained

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
)

func write(t *testing.T, path string, to func(io.Writer) error) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to(f), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func sample(t *testing.T, m *Model, change func(o *Options)) []*molecule.Molecule {
	t.Helper()
	o := m.Options()
	o.Number = 12
	change(&o)
	molecules, _, err := m.Sample(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return molecules
}

func same(a, b *molecule.Molecule) bool {
	return slices.Equal(a.Elements, b.Elements) && slices.Equal(a.Pos, b.Pos)
}

// The same seed gives the same molecules for any number of workers, and the
// first of many are those of a few.
func TestSeedDecides(t *testing.T) {
	m, err := Open(version1)
	if err != nil {
		t.Fatal(err)
	}
	for _, solver := range []flow.Solver{flow.Euler, flow.Dopri5} {
		one := sample(t, m, func(o *Options) { o.Solver, o.Steps, o.Workers = solver, 4, 1 })
		few := sample(t, m, func(o *Options) { o.Solver, o.Steps, o.Workers, o.Number = solver, 4, 3, 5 })
		if !slices.EqualFunc(one[:5], few, same) {
			t.Errorf("%v: 5 molecules by 3 workers are not the first of 12 by one", solver)
		}
		if other := sample(t, m, func(o *Options) { o.Solver, o.Steps, o.Seed = solver, 4, 5 }); slices.EqualFunc(one, other, same) {
			t.Errorf("%v: another seed draws the same molecules", solver)
		}
	}
}

// A sample that begins at an index is the rest of one that begins at the first, names
// and sizes too; who watches sees it from noise on, and changes nothing.
func TestFirstAndWatch(t *testing.T) {
	for name, m := range map[string]*Model{"plain": small(t), "of a property": conditioned(t, "")} {
		all := sample(t, m, func(o *Options) { o.Seed = 3 })
		times := map[float64]int{}
		rest := sample(t, m, func(o *Options) {
			o.Seed, o.First, o.Number, o.Workers = 3, 7, 5, 1
			o.Watch = func(index int, at float64, x *molecule.Molecule) error {
				times[at]++
				if x.Len() != all[index].Len() {
					t.Errorf("%s: molecule %d is seen with %d atoms, want %d", name, index, x.Len(), all[index].Len())
				}
				return nil
			}
		})
		for i, x := range rest {
			if !same(x, all[7+i]) || x.Name != all[7+i].Name {
				t.Errorf("%s: %s of 12 is not %s of those from 7 on", name, all[7+i].Name, x.Name)
			}
		}
		if steps := m.Options().Steps; len(times) != steps+1 || times[1] != 5 || times[0] != 5 {
			t.Errorf("%s: 5 molecules in %d steps are seen %v times by t", name, steps, times)
		}
	}
}

// Sizes are those of the training set, or the one that is asked for.
func TestSizes(t *testing.T) {
	m := small(t)
	for _, x := range sample(t, m, func(*Options) {}) {
		if n := x.Len(); n != 3 && n != 5 {
			t.Errorf("%d atoms, of sizes %v", n, m.Sizes.Counts)
		}
	}
	for _, n := range []int{1, 2, 40} {
		for _, x := range sample(t, m, func(o *Options) { o.Atoms = n }) {
			if x.Len() != n {
				t.Errorf("%d atoms, want %d", x.Len(), n)
			}
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	for want, change := range map[string]func(m *Model, o *Options){
		"sample.number: expected 1 to 1073741824, found 0":    func(m *Model, o *Options) { o.Number = 0 },
		"sample.number: expected 1 to 1073741824, found -5":   func(m *Model, o *Options) { o.Number = -5 },
		"sample.number: expected 1 to 1073741824, found 9.22": func(m *Model, o *Options) { o.Number = math.MaxInt },
		"workers = 0":        func(m *Model, o *Options) { o.Workers = 0 },
		"workers = -1":       func(m *Model, o *Options) { o.Workers = -1 },
		`found "Solver(99)"`: func(m *Model, o *Options) { o.Solver = 99 },
		"sample.steps: expected 1 to 1048576, found 0":                                         func(m *Model, o *Options) { *o = Options{Workers: 1}; o.Number = 1 },
		`sample.grid: expected one of uniform, quadratic, cubic, arc, karras, found "Grid(5)"`: func(m *Model, o *Options) { o.Grid = flow.GridKarras + 1 },
		"sample.steps: expected":                             func(m *Model, o *Options) { o.Steps = 0 },
		"sample.steps: expected 1 to 1048576, found 9.22":    func(m *Model, o *Options) { o.Steps = math.MaxInt },
		"sample.rtol: expected a positive number, found NaN": func(m *Model, o *Options) { o.RTol = math.NaN() },
		"trained without transport":                          func(m *Model, o *Options) { o.Solver = flow.Stochastic },
		"or dpm with an eta":                                 func(m *Model, o *Options) { o.Solver, o.Eta = flow.DPM, 1 },
		`found "ancestral"`:                                  func(m *Model, o *Options) { o.Solver = flow.Ancestral },
		`found "karras"`:                                     func(m *Model, o *Options) { o.Solver = flow.Karras },
		"first = -1":                                         func(m *Model, o *Options) { o.First = -1 },
		"atoms = -1":                                         func(m *Model, o *Options) { o.Atoms = -1 },
		"atoms = 1000000":                                    func(m *Model, o *Options) { o.Atoms = 1000000 },
		"expected at least one molecule":                     func(m *Model, o *Options) { m.Sizes = datasets.Histogram{} },
		"is to have 10001 atoms": func(m *Model, o *Options) {
			m.Sizes = datasets.Histogram{Counts: append(make([]int, 10001), 1), Total: 1}
		},
		"without a network":       func(m *Model, o *Options) { m.Field = nil },
		"name: expected a word":   func(m *Model, o *Options) { *m = Model{} },
		"not that of its network": func(m *Model, o *Options) { m.Config.Network.Hidden = 9 },
		"an average of 3 numbers": func(m *Model, o *Options) { m.Average = m.Average[:3] },
		"is NaN":                  func(m *Model, o *Options) { m.Average[0] = float32(math.NaN()) },
	} {
		m := small(t)
		o := m.Options()
		o.Number = 4
		change(m, &o)
		if molecules, _, err := m.Sample(t.Context(), o); molecules != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// A sampler stops soon after its context has ended, with the context's error and without
// molecules that are not done.
func TestContextEndsSampling(t *testing.T) {
	m := small(t)
	for _, solver := range []flow.Solver{flow.Euler, flow.RK4, flow.Dopri5, flow.DPM} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := m.Options()
		o.Solver = solver
		molecules, _, err := m.Sample(ctx, o)
		if done := slices.ContainsFunc(molecules, func(m *molecule.Molecule) bool { return m != nil }); done || !errors.Is(err, context.Canceled) {
			t.Errorf("%v: a molecule is done: %t, error %v", solver, done, err)
		}
	}
}
