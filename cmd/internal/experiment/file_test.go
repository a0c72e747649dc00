package experiment

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule/formats"
)

// small is an experiment of a second.
const small = `title = "Small?"
question = """
Two lines,
name = "not a key" """
seeds = [1, 2]
figures = ["bond_w1", "atom_stability", "heldout"]

[measure]
number = 4
nfe = [2, 4]

[base]
network.hidden = 8
network.edge = 0
network.layers = 1
train.batch = 4
train.shard = 2
train.warmup = 2
train.checkpoint_every = 3
sample.number = 6
sample.steps = 3
sample.eta = 0.0

[quick]
train.steps = 6

[long]
train.steps = 8

[[arm]]
name = "one"

[[arm]]
name = "two"
what = "another path"
path.h = "vp-poly(3)"   # a schedule in no list
`

// parsed reads an experiment on a few molecules, which are read faster than the sample.
func parsed(t *testing.T, text string) *File {
	t.Helper()
	text = strings.Replace(text, "[base]", fmt.Sprintf("[base]\ndata.source = %q", few(t)), 1)
	f, err := Parse(text, "some/small.toml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// few writes a file of some molecules to train on and some to hold out.
func few(t *testing.T) (path string) {
	t.Helper()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "few.xyz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := formats.NewXYZWriter(f)
	for _, split := range []string{"train", "valid"} {
		for _, m := range set.Split(split)[:12] {
			if err := w.Write(&m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return path
}

func TestParse(t *testing.T) {
	f := parsed(t, small)
	if f.Name != "small" || f.Reference != "one" || len(f.Arms) != 2 {
		t.Errorf("%+v", f)
	}
	for mode, steps := range map[Mode]int{{}: 6, {Data: "x.xyz"}: 8} {
		c, err := f.configuration(1, mode)
		if err != nil || c.Train.Steps != steps || c.Path.H != "vp-poly(3)" || c.Path.X != "linear" || c.Train.Optimizer != "muon" {
			t.Errorf("%v: %+v (%v)", mode, c, err)
		}
		if mode.Data != "" && c.Data.Source != mode.Data {
			t.Errorf("data from %q", c.Data.Source)
		}
	}
}

// The experiments of the program, and those beside it, are read, and each decides by a figure that has a
// better and a worse.
func TestExperimentsOfTheProgram(t *testing.T) {
	beside, err := filepath.Glob("../../../testdata/experiments/*.toml")
	if err != nil || len(beside) == 0 {
		t.Errorf("no experiments beside the program's: %v", err)
	}
	for _, name := range append(Names(), beside...) {
		f, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if figures[f.Figures[0]].Better == 0 || len(f.Seeds) < 5 {
			t.Errorf("%s decides by %s from %d seeds", name, f.Figures[0], len(f.Seeds))
		}
	}
	if _, err := Load("transprot"); err == nil || !strings.Contains(err.Error(), "transport") {
		t.Errorf("error %v", err)
	}
}

// A mistake is named with its line, its key and what was expected.
func TestMistakesAreNamed(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"[1, 2]", "[1, 1]", "small.toml: line 5: seeds has 1 twice"},
		{`"bond_w1", `, `"bonds", `, `line 6: figures has "bonds", expected some of`},
		{"number = 4", "numbr = 4", `line 9: unknown key "measure.numbr"; the nearest known one is "measure.number"`},
		{"nfe = [2, 4]", "nfe = [0]", "measure has 0, expected whole numbers"},
		{"nfe = [2, 4]", "from = [1.5]", "line 10: measure.from has 1.5, expected times above 0"},
		{"network.edge = 0", "network.egde = 0", `line 14: unknown key "network.egde"; the nearest known one is "network.edge"`},
		{"network.edge = 0", "network.edge = -1", "line 14: arm one: network.edge: expected 0 (as hidden) to 8192, found -1"},
		{"train.steps = 6", "train.stpes = 6", `line 25: unknown key "train.stpes"`},
		{"train.steps = 6", "train.steps = 0", "line 25: arm one: train.steps: expected 1 to"},
		{"train.steps = 8", `train.steps = "x"`, "line 28: arm one: train.steps"},
		{`path.h = "vp-poly(3)"`, `path.y = "linear"`, `line 36: unknown key "path.y"`},
		{`path.h = "vp-poly(3)"`, `path.h = "vp-poly(0)"`, "line 36: arm two: path.h: schedule vp-poly(0): expected the power of t"},
		{`path.h = "vp-poly(3)"`, `seed = 4`, `line 36: unknown key "seed"`},
		{`path.h = "vp-poly(3)"`, `against = "three"`, `line 36: against = "three", expected another one of the arms one, two`},
		{`name = "two"`, `name = "one"`, "line 34: arm 2: name"},
		{"[measure]", "[halving]\nrungs = [{steps = 5, seeds = 1, keep = 1}, {steps = 5, seeds = 1}]\n[measure]", "line 9: halving.rungs: rung 2"},
		{"[measure]", "[halving]\nrungs = [{steps = 5, seed = 1}]\n[measure]", `unknown key "halving.rungs.seed"`},
		{"seeds = [1, 2]", "seeds = [1, 2]\nreference = \"three\"", "line 6: reference = \"three\", expected one of the arms one, two"},
		{`title = "Small?"`, `titel = "Small?"`, `line 1: unknown key "titel"; the nearest known one is "title"`},
		{"[base]", "[base", "small.toml: line"},
		{"seeds = [1, 2]", "seeds = []", "0 seeds, 2 arms, 3 figures; expected at least one of each"},
	} {
		text := strings.ReplaceAll(small, c.old, c.new)
		if text == small {
			t.Fatalf("nothing to replace: %s", c.old)
		}
		if _, err := Parse(text, "small.toml"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s → %s: error %v, want %q in it", c.old, c.new, err, c.want)
		}
	}
}

// All that is wrong is told at once, in the order of the file, and once where it is wrong
// with every arm.
func TestMistakesAreToldAtOnce(t *testing.T) {
	text := strings.NewReplacer("[1, 2]", "[1, 1]", "number = 4", "number = 0", "network.edge = 0", "network.edge = -1", "train.steps = 6", "train.steps = 0",
		"vp-poly(3)", "vp-poly(0)").Replace(small)
	_, err := Parse(text, "small.toml")
	want := []string{"small.toml: measure has 0,", "small.toml: line 5: seeds has 1 twice", "small.toml: line 14: arm one: network.edge: ", "small.toml: line 25: arm one: train.steps: ", "small.toml: line 36: arm two: path.h: "}
	lines := strings.Split(fmt.Sprint(err), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%v", err)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("line %d: %q, want %q", i+1, line, want[i])
		}
	}
}

// Steps are as many as the evaluations allow, by what each solver takes.
func TestStepsFor(t *testing.T) {
	for _, c := range []struct {
		solver     flow.Solver
		nfe, steps int
	}{{flow.Euler, 10, 10}, {flow.DPM, 10, 10}, {flow.Ancestral, 10, 9}, {flow.Ancestral, 1, 1}, {flow.Karras, 9, 5}, {flow.Karras, 10, 5}, {flow.Karras, 1, 1}} {
		if got := stepsFor(c.solver, c.nfe); got != c.steps {
			t.Errorf("%v: %d steps in %d evaluations, want %d", c.solver, got, c.nfe, c.steps)
		}
	}
}
