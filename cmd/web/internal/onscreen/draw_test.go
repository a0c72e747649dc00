package onscreen

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/molecule/formats"
)

// What a page is shown is what the command draws: of many, the one that is asked for, to
// the bit, with the record that the command writes; and before it the way from noise.
func TestDrawIsTheCommandsMolecule(t *testing.T) {
	m := open(t)
	for _, w := range []Wish{{Atoms: 0, Seed: 4, Number: 3, Steps: 6}, {Atoms: 7, Seed: 1 << 63, Number: 1, Steps: 4}} {
		o := m.Options()
		o.Number, o.Seed, o.Atoms, o.Steps = 4, w.Seed, w.Atoms, w.Steps
		all, stats, err := m.Sample(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		one := all[w.Number-1 : w.Number]
		var record strings.Builder
		judged := m.Judge(one)
		files.Origin(one[0], &judged[0], m, o, w.Number-1, stats.NFE)
		if err := files.WriteSDF(&record, one, judged); err != nil {
			t.Fatal(err)
		}
		got, frames := draw(t, m, w)
		if got.SDF != record.String() {
			t.Errorf("%+v: SDF\n%s\nwant\n%s", w, got.SDF, record.String())
		}
		var x []float64
		for _, p := range one[0].Pos {
			x = append(x, p[:]...)
		}
		if !slices.Equal(got.X, x) {
			t.Errorf("%+v: positions %v, want %v", w, got.X, x)
		}
		if len(frames) != stats.NFE || got.Step != len(frames) || got.Time != 0 {
			t.Errorf("%+v: %d frames of %d evaluations, then step %d at t = %v", w, len(frames), stats.NFE, got.Step, got.Time)
		}
		for k, f := range frames {
			if f.Step != k || f.Of != w.Steps || len(f.X) != 3*len(f.Elements) || len(f.Elements) != one[0].Len() {
				t.Errorf("%+v: frame %d is step %d of %d, %d elements, %d numbers", w, k, f.Step, f.Of, len(f.Elements), len(f.X))
			}
			if k > 0 && (f.Time >= frames[k-1].Time || slices.Equal(f.X, frames[k-1].X)) {
				t.Errorf("%+v: frame %d is at t = %v as the one before, or at its place", w, k, f.Time)
			}
		}
		if frames[0].Time != 1 {
			t.Errorf("%+v: begins at t = %v", w, frames[0].Time)
		}
	}
}

// The verdict is the judge's, and the command draws the molecule again.
func TestWhatIsSaid(t *testing.T) {
	m := open(t)
	w := Wish{Atoms: 5, Seed: 7, Number: 2, Steps: 20}
	got, _ := draw(t, m, w)
	if want := "go run ./cmd/sample -n 2 -seed 7 -atoms 5 -steps 20 -out molecules.sdf"; got.Command != want {
		t.Errorf("command %q, want %q", got.Command, want)
	}
	if got.Name != "qm9-2" {
		t.Errorf("name %q", got.Name)
	}
	r := formats.NewSDFReader(strings.NewReader(got.SDF), "page")
	read, graph, err := r.ReadGraph()
	if err != nil {
		t.Fatal(err)
	}
	if read.Formula() != got.Formula || len(graph.Bonds) != len(got.Bonds) {
		t.Errorf("the record is of %s with %d bonds, the page says %s and %d", read.Formula(), len(graph.Bonds), got.Formula, len(got.Bonds))
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"step":20`, `"elements":["`, `"bonds":[[`, `"judgement":{"atoms":5,`, `"connected":`, `"smiles":`} {
		if !strings.Contains(string(text), key) {
			t.Errorf("no %s in %s", key, text)
		}
	}
}

// A formula is drawn by the model that can be told one, as the command that is said draws it.
func TestFormula(t *testing.T) {
	m, err := trained.Open("qm9-told")
	if err != nil {
		t.Fatal(err)
	}
	got, frames := draw(t, m, Wish{Formula: "C2H6O", Seed: 7, Number: 2, Steps: 10})
	if want := "go run ./cmd/sample -n 2 -seed 7 -formula C2H6O -steps 10 -out molecules.sdf"; got.Command != want {
		t.Errorf("command %q, want %q", got.Command, want)
	}
	if got.Formula != "C2H6O" || len(got.Elements) != 9 || len(frames) != 10 {
		t.Errorf("%s of %d atoms in %d frames", got.Formula, len(got.Elements), len(frames))
	}
}

// What cannot be drawn is an error that says why.
func TestWishesRefused(t *testing.T) {
	m := open(t)
	for want, w := range map[string]Wish{
		"molecule number 0":                            {Steps: 5},
		"expected 1 to 1000000":                        {Steps: 5, Number: most + 1},
		"sample.steps: expected 1 to 1048576, found 0": {Number: 1},
		"atoms = -3, expected 1 ":                      {Number: 1, Steps: 5, Atoms: -3},
		`expected an element at "Xx"`:                  {Number: 1, Steps: 5, Formula: "CXx"},
		"take the built-in qm9-told":                   {Number: 1, Steps: 5, Formula: "CH4"},
	} {
		if _, err := Draw(t.Context(), m, w, func(Frame) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q in it", w, err, want)
		}
	}
	var w Wish
	if err := json.Unmarshal([]byte(`{"atoms":18,"formula":"CH4","seed":"18446744073709551615","number":2,"steps":50}`), &w); err != nil || w != (Wish{18, "CH4", 1<<64 - 1, 2, 50}) {
		t.Errorf("a page's wish is read as %+v, error %v", w, err)
	}
}

// Sizes and steps that a page offers are the model's.
func TestDescribe(t *testing.T) {
	m := open(t)
	about := Describe(m)
	if about.Steps != m.Config.Sample.Steps || about.Sizes[0] != 3 || about.Sizes[len(about.Sizes)-1] != 29 || !strings.HasPrefix(about.Text, "qm9: ") {
		t.Errorf("%+v", about)
	}
}

func open(t *testing.T) *trained.Model {
	t.Helper()
	m, err := trained.Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func draw(t *testing.T, m *trained.Model, w Wish) (d Drawn, frames []Frame) {
	t.Helper()
	d, err := Draw(context.Background(), m, w, func(f Frame) { frames = append(frames, f) })
	if err != nil {
		t.Fatal(err)
	}
	return d, frames
}
