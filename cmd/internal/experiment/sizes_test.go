package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"equifm/cmd/internal/measure"
	"equifm/datasets"
	"equifm/eot"
)

// Molecules are sampled of the sizes that the file, or the arm, names; an arm's own source
// stays in the long mode; a step is measured once for every size; all of it is written.
func TestSizes(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	least := math.MaxInt
	for _, m := range set.Split("train")[:12] { // those of few
		least = min(least, m.Len())
	}
	text := strings.NewReplacer("nfe = [2, 4]", "sizes = [3, 6]\ntraining = [2, 9]", "seeds = [1, 2]", "seeds = [1, 2, 3, 4, 5]", "train.steps = 6", "train.steps = 2").Replace(small) +
		fmt.Sprintf("\n[[arm]]\nname = \"small\"\ndata.atoms = \"1-%d\"\n[[arm]]\nname = \"built\"\ndata.source = \"chains:2-4\"\nsizes = [2, 4]\n", least)
	f := parsed(t, text)
	c, err := f.configuration(3, Mode{Data: "x.xyz"})
	if err != nil || c.Data.Source != "chains:2-4" {
		t.Fatalf("in the long mode the arm's own source is %q (%v)", c.Data.Source, err)
	}
	o := outcome(t, lab(t), f)
	for i, a := range o.Arms {
		want := []int{3, 6}
		if i == 3 {
			want = []int{2, 4}
		}
		for _, r := range a.Results {
			for p, q := range r.BySize {
				for _, m := range q.Molecules {
					if m.Atoms != want[p] {
						t.Fatalf("arm %s: a molecule of %d atoms among those of %d", a.Name, m.Atoms, want[p])
					}
				}
				if len(q.Molecules) != 4 {
					t.Errorf("arm %s: %d molecules of %d atoms", a.Name, len(q.Molecules), want[p])
				}
			}
		}
	}
	for _, m := range o.Arms[2].Results[0].Quality.Molecules {
		if m.Atoms > least {
			t.Errorf("a model of molecules up to %d atoms sampled one of %d by itself", least, m.Atoms)
		}
	}
	if len(o.Steps) != 2 || o.Steps[1].Atoms != 9 || !(o.Steps[0].Bytes > 0) {
		t.Errorf("steps %+v", o.Steps)
	}
	var b bytes.Buffer
	o.Markdown(&b)
	if err := errors.Join(o.CSV(&b), o.SVG(&b)); err != nil {
		t.Fatal(err)
	}
	written := b.String()
	for _, want := range []string{"## Atoms stable by size", "| arm | N = 3 | N = 6 |", "| arm | N = 2 | N = 4 |", "| small | one |", "of other data: does not compare",
		"- small against one, atoms stable: ", "## One training step by size\n\nOf one built molecule, by the network of one (8 channels", "| 9 | 72 |",
		"small,quick,built,bond_w1,mÅ,N = 4,", "small,quick,one,step_memory,MiB,N = 9,"} {
		if !strings.Contains(written, want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
}

// What is said by size goes by the difference's interval at that size alone.
func TestSizedWords(t *testing.T) {
	arm := func(name string, stable ...int) Arm { // of 10 atoms each, by size
		a := Arm{Name: name, Sizes: []int{5, 9}}
		for seed := range 5 {
			r := Result{Seed: uint64(seed)}
			for _, s := range stable {
				r.BySize = append(r.BySize, measure.Quality{Molecules: []measure.Seen{{Atoms: 10, StableAtoms: s}, {Atoms: 10, StableAtoms: s - seed%2}}})
			}
			a.Results = append(a.Results, r)
		}
		return a
	}
	o := &Outcome{File: &File{Reference: "a", Figures: []string{"atom_stability"}}, Arms: []Arm{arm("a", 8, 8), arm("b", 8, 5)}}
	var b strings.Builder
	o.sizedWords(&b)
	if want := "- b against a, atoms stable: equal at 5 atoms; worse at 9 atoms.\n"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in\n%s", want, b.String())
	}
	o.Arms[1].Results[2].BySize[1].Failed = "left the numbers"
	b.Reset()
	if o.sizedWords(&b); b.Len() > 0 {
		t.Errorf("of an arm with a failed sample: %s", b.String())
	}
}

// A step's time and memory grow with the molecule, and the transport moves noise nearer.
func TestTrainingStep(t *testing.T) {
	f := parsed(t, small)
	c, err := f.configuration(0, Mode{})
	if err != nil {
		t.Fatal(err)
	}
	c.EOT.Mode = eot.None
	now := 0.0
	clock := func() float64 { now += 0.06; return now } // a stopwatch that each look moves on
	var steps []measure.Step
	for _, n := range []int{2, 60} {
		s, err := measure.TrainingStep(c, n, clock)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(s.Gradient-0.06) > 1e-9 || math.Abs(s.Total-0.18) > 1e-9 {
			t.Errorf("%d atoms: %v s of a gradient and %v s of a step; three looks at the clock, two of them around the gradient", n, s.Gradient, s.Total)
		}
		steps = append(steps, s)
	}
	if !(steps[0].Bytes > 0) || steps[1].Bytes < 1.5*steps[0].Bytes || !(steps[1].Left > 0) {
		t.Errorf("%+v", steps)
	}
}

// Sizes in a file are named with their line where they are none.
func TestSizesAreChecked(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"nfe = [2, 4]", "sizes = [9, 3]", "line 10: measure.sizes = [9 3], expected rising numbers of atoms"},
		{"nfe = [2, 4]", "training = [1, 5]", "line 10: measure.training = [1 5], expected rising numbers of atoms, 1 to 1,000, from 2 on"},
		{`name = "one"`, "name = \"one\"\nsizes = [\"a\"]", "line 32: sizes = [a], expected rising numbers"},
		{`name = "one"`, "name = \"one\"\ndata.atoms = \"18\"", `arm one: data.atoms: "18", expected two whole numbers of atoms`},
	} {
		if _, err := Parse(strings.ReplaceAll(small, c.old, c.new), "small.toml"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.new, err, c.want)
		}
	}
}
