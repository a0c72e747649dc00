package experiment

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run"
	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

func lab(t *testing.T) *Lab { return NewLab(t.TempDir(), 1, io.Discard) }

func outcome(t *testing.T, l *Lab, f *File) *Outcome {
	t.Helper()
	o, err := l.Run(context.Background(), f, Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// An experiment from its file to its results, and again: what is made is not made
// again, for any number of workers, and a changed arm is made anew beside it.
func TestEndToEnd(t *testing.T) {
	l, f := lab(t), parsed(t, small)
	text := results(t, outcome(t, l, f))
	for _, want := range []string{"# Small?", "of other targets", "**one**", "**two**", tooFew, "| arm | 2 | 4 |", "Against one with as many evaluations"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	before := made(t, l)
	if len(before) != 4 {
		t.Fatalf("%d runs of 2 arms and 2 seeds", len(before))
	}
	l.Workers = 2
	if again := results(t, outcome(t, l, f)); again != text {
		t.Errorf("again it is\n%s\nand was\n%s", again, text)
	}
	variant, err := Parse(strings.Replace(f.Text(), "vp-poly(3)", "vp-cosine(1.5)", 1), "variant.toml")
	if err != nil {
		t.Fatal(err)
	}
	outcome(t, l, variant)
	after := made(t, l)
	for dir, when := range before {
		if after[dir] != when {
			t.Errorf("%s was made again", dir)
		}
	}
	if len(after) != 6 {
		t.Errorf("%d runs after a variant of one arm, want 6", len(after))
	}
}

// Runs side by side come to what they come to one after the other, each with a time of
// its own; two arms that are one run make it once.
func TestSideBySide(t *testing.T) {
	f := parsed(t, small)
	f.Arms = append(f.Arms, maps.Clone(f.Arms[0]))
	f.Arms[2]["name"] = "one again"
	alone, together := lab(t), lab(t)
	together.Workers = 3
	one, three := outcome(t, alone, f), outcome(t, together, f)
	if n := len(made(t, together)); n != 4 {
		t.Errorf("%d runs of 3 arms, two of them one run, and 2 seeds", n)
	}
	for i, a := range one.Arms {
		for k, r := range a.Results {
			s := three.Arms[i].Results[k]
			if r.Seed != s.Seed || r.Training.Held != s.Training.Held || !reflect.DeepEqual(r.Quality.Molecules, s.Quality.Molecules) {
				t.Errorf("arm %s, seed %d: another result beside others", a.Name, r.Seed)
			}
			if cpu := s.Training.CPU; runtime.GOOS == "linux" && !(cpu > 0 && cpu < 60) {
				t.Errorf("arm %s, seed %d: %v s of processor time", a.Name, r.Seed, cpu)
			}
		}
	}
}

// The long mode has its own keys, and its own data.
func TestLongMode(t *testing.T) {
	l, f, data := lab(t), parsed(t, small), few(t)
	f.Seeds = f.Seeds[:1]
	o, err := l.Run(context.Background(), f, Mode{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if a := o.Arms[0]; a.Results[0].Training.Steps != 8 || a.Config.Data.Source != data {
		t.Errorf("%d steps on %s", a.Results[0].Training.Steps, a.Config.Data.Source)
	}
	if _, err := l.Run(context.Background(), f, Mode{Data: "missing.xyz"}); err == nil || !strings.Contains(err.Error(), `source = "missing.xyz"`) {
		t.Errorf("error %v", err)
	}
}

// results are all that is written of an outcome.
func results(t *testing.T, o *Outcome) string {
	t.Helper()
	var b bytes.Buffer
	o.Markdown(&b)
	if err := errors.Join(o.CSV(&b), o.SVG(&b)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "</svg>") || strings.Count(b.String(), "\nsmall,quick,one,bond_w1,") != 3 {
		t.Errorf("results:\n%s", b.String())
	}
	return b.String()
}

// made are the checkpoints in a lab, and when each was written.
func made(t *testing.T, l *Lab) map[string]int64 {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(l.Dir, "*", trained.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	when := map[string]int64{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		when[p] = info.ModTime().UnixNano()
	}
	return when
}

// A run that was stopped after a step, and one whose measurements are lost or damaged,
// come to the bits of one left alone.
func TestStoppedRunGoesOn(t *testing.T) {
	f := parsed(t, small)
	c, err := f.configuration(0, Mode{})
	if err != nil {
		t.Fatal(err)
	}
	straight, broken := lab(t), lab(t)
	want, err := straight.result(context.Background(), c, f.Measure, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	stopped := new(run.Stopped)
	if _, err := broken.result(ctx, c, f.Measure, nil); !errors.As(err, &stopped) || stopped.Step != 1 {
		t.Fatalf("error %v, want one of a run stopped after step 1", err)
	}
	same := func(what string) {
		t.Helper()
		got, err := broken.result(context.Background(), c, f.Measure, nil)
		if err != nil {
			t.Fatal(err)
		}
		dir := identity(c)
		if !bytes.Equal(runtest.Numbers(t, filepath.Join(straight.Dir, dir)), runtest.Numbers(t, filepath.Join(broken.Dir, dir))) {
			t.Errorf("%s: the weights differ", what)
		}
		if got.Training.Held != want.Training.Held || got.Training.Steps != 6 || len(got.Sweep) != 2 {
			t.Errorf("%s: %+v, want %+v", what, got.Training, want.Training)
		}
		for i := range want.Quality.Molecules {
			if got.Quality.Molecules[i].StableAtoms != want.Quality.Molecules[i].StableAtoms {
				t.Errorf("%s: molecule %d differs", what, i)
			}
		}
	}
	same("stopped after a step")
	measured, err := filepath.Glob(filepath.Join(broken.Dir, "*", "*.json"))
	if err != nil || len(measured) != 4 {
		t.Fatalf("measurements %v (%v)", measured, err)
	}
	for i, path := range measured {
		if i%2 == 0 {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, []byte(`{"asked": "x"`), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	same("measurements lost and damaged")
}

// A training that comes apart is a result: it is kept, told, and compared with nothing.
func TestFailedArm(t *testing.T) {
	l := lab(t)
	f := parsed(t, strings.Replace(small, `path.h = "vp-poly(3)"`, "train.lr = 1e30\ntrain.optimizer = \"adamw\"", 1))
	o := outcome(t, l, f)
	failed, why := o.Arms[1].Failures()
	if len(failed) != 2 || !strings.Contains(why, "step") {
		t.Fatalf("failures %v: %s", failed, why)
	}
	text := results(t, o)
	if !strings.Contains(text, "failed with seeds 1 2: ") || !strings.Contains(text, "failed with 2 of 2 seeds") {
		t.Errorf("results:\n%s", text)
	}
}

// Halving keeps what is best at each rung, and what it drops stays in the log.
func TestHalving(t *testing.T) {
	text := strings.Replace(small, "[measure]", "[halving]\nrungs = [{steps = 2, seeds = 1, keep = 2}, {steps = 4, seeds = 2}]\n[measure]", 1)
	text = strings.Replace(text, `"bond_w1", `, "", 1) + "\n[[arm]]\nname = \"three\"\ntrain.lr = 1e30\ntrain.optimizer = \"adamw\"\n" +
		"\n[[earlier]]\nname = \"an old one\"\nfate = \"dropped\"\nfigures = { atom_stability = 12.5 }\n"
	o := outcome(t, lab(t), parsed(t, text))
	if len(o.Rungs) != 2 || len(o.Rungs[0].Arms) != 3 || len(o.Rungs[1].Arms) != 2 || len(o.Arms) != 2 {
		t.Fatalf("%d rungs, %d arms at the end", len(o.Rungs), len(o.Arms))
	}
	first := o.Rungs[0]
	if first.Arms[2].Name != "three" || !strings.HasPrefix(first.Fate[2], "failed: ") || first.Fate[0] != goesOn || first.Fate[1] != goesOn {
		t.Errorf("the first rung ends with %s; fates %v", first.Arms[2].Name, first.Fate)
	}
	for k, rung := range o.Rungs {
		for _, a := range rung.Arms {
			if len(a.Results) != k+1 || a.Config.Train.Steps != 2*(k+1) {
				t.Errorf("rung %d: arm %s has %d runs of %d steps", k+1, a.Name, len(a.Results), a.Config.Train.Steps)
			}
		}
	}
	if a, b := figures["atom_stability"].mean(&o.Arms[0]), figures["atom_stability"].mean(&o.Arms[1]); a < b {
		t.Errorf("the best has %.1f%%, the next %.1f%%", a, b)
	}
	var b bytes.Buffer
	o.Markdown(&b)
	for _, want := range []string{"an old one", "12.5", "## Rung 1: 2 steps, seeds 1\n", "## Rung 2: 4 steps, seeds 1 2\n", "three"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// Of the arms of a rung the best go on, in the figure's own direction; the failed never.
func TestRanked(t *testing.T) {
	arm := func(name string, loss float64, failed string) Arm {
		return Arm{Name: name, Results: []Result{{Training: Training{Failed: failed, Held: Held{Loss: loss}}}}}
	}
	arms := []Arm{arm("c", 3, ""), arm("x", 0, "apart"), arm("a", 1, ""), arm("b", 2, ""), arm("d", 4, "")}
	r := ranked(arms, RungSize{Keep: 2}, "heldout", "d", false)
	var got string
	for i, a := range r.Arms {
		got += a.Name + " " + r.Fate[i] + "; "
	}
	if got != "a goes on; b goes on; c out; d goes on, as the reference; x failed: apart; " {
		t.Error(got)
	}
	if len(survivors(r)) != 3 {
		t.Errorf("%d survive", len(survivors(r)))
	}
}

// A diffusion model is swept by its own sampler, at what that takes, and one evaluation of
// each network is timed at the sizes that the file names.
func TestRivalsAreSwept(t *testing.T) {
	text := strings.NewReplacer("nfe = [2, 4]", "nfe = [3, 5]\nnoise = true\nevaluation = [3, 6]", `path.h = "vp-poly(3)"   # a schedule in no list`,
		"path.x = \"edm\"\npath.h = \"edm\"\noutput.x = \"noise\"\noutput.h = \"noise\"\nsample.solver = \"ancestral\"",
		"seeds = [1, 2]", "seeds = [1]").Replace(small)
	o := outcome(t, lab(t), parsed(t, text))
	var swept []int
	for _, s := range o.Arms[1].Results[0].Sweep {
		if swept = append(swept, s.Quality.NFE); s.Noise != (s.Solver == "ancestral") {
			t.Errorf("%+v", s)
		}
	}
	if want := []int{3, 5, 3, 5}; !slices.Equal(swept, want) {
		t.Errorf("swept at %v evaluations, want %v", swept, want)
	}
	if len(o.Costs) != 4 || o.Costs[3].Atoms != 6 || o.Costs[3].NFE != 4 || o.Costs[0].NFE != 3 || !(o.Costs[0].Seconds > 0) && runtime.GOOS == "linux" {
		t.Errorf("%+v", o.Costs)
	}
	written := results(t, o)
	for _, want := range []string{"## One evaluation by size", "| arm | NFE | N = 3 | N = 6 |", "two (ancestral)", ",evaluation_time,ms,N = 6,"} {
		if !strings.Contains(written, want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
}
