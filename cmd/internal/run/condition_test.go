package run

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run/cputime"
	"equifm/cmd/internal/run/runtest"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/molecule/formats"
)

// ofProperty writes the configuration of a run on a few molecules of the built-in sample, every
// second without its properties.
func ofProperty(t *testing.T, dir string, steps int, condition string) (path string) {
	t.Helper()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	q, _ := datasets.QuantityOf("gap")
	known, _, err := q.Known(set.Split("train"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.Create(filepath.Join(dir, "gap.xyz"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	w := formats.NewXYZWriter(data)
	for i := range 40 {
		m := known[i]
		if i%2 == 1 {
			m.Properties = m.Properties[:2]
		}
		if err := w.Write(&m); err != nil {
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf("name = \"gap\"\n[data]\nsource = %q\n%s\n[network]\nhidden = 8\nlayers = 1\n[train]\nsteps = %d\nbatch = 6\nshard = 2\n"+
		"log_every = 2\ncheckpoint_every = 4\n[sample]\nnumber = 5\nsolver = \"euler\"\nsteps = 4\n", data.Name(), condition, steps)
	path = filepath.Join(dir, fmt.Sprintf("gap-%d.toml", steps))
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// A run of a property learns the molecules that have it, of its half, ends in the same
// bits for any number of workers and after a resume, and is opened as a model that is asked for values.
func TestRunOfAProperty(t *testing.T) {
	dir := t.TempDir()
	const condition = "half = \"second\"\n[condition]\nproperty = \"gap\"\ndrop = 0.25"
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	screen := start(t, Request{Config: ofProperty(t, dir, 8, condition), Out: one}, 1)
	if !strings.Contains(screen, "molecules have gap: the others are left out") || !strings.Contains(screen, "no molecule held out has gap") {
		t.Errorf("screen:\n%s", screen)
	}
	start(t, Request{Config: ofProperty(t, dir, 4, condition), Out: two}, 3)
	start(t, Request{Config: ofProperty(t, dir, 8, condition), Out: two, Resume: true}, 2)
	if !bytes.Equal(runtest.Numbers(t, one), runtest.Numbers(t, two)) {
		t.Error("resumed with other workers, the run ends in other bits")
	}
	m, err := trained.Open(one)
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Condition.Stats; s.Count != m.Sizes.Total || s.Count < 3 || s.Count > 17 || s.Mean < 4 || s.Mean > 12 {
		t.Errorf("learned of %d molecules, gap %v ± %v eV of %d", m.Sizes.Total, s.Mean, s.MAD, s.Count)
	}
	o := m.Options()
	o.Number, o.Values = 2, []float64{6, 8}
	if molecules, _, err := m.Sample(t.Context(), o); err != nil || len(molecules) != 2 {
		t.Errorf("%d molecules, error %v", len(molecules), err)
	}
	other := Request{Config: ofProperty(t, dir, 9, strings.Replace(condition, "gap", "homo", 1)), Out: one, Resume: true}
	if err := attempt(t, other, 1, io.Discard); err == nil || !strings.Contains(err.Error(), "condition.property") {
		t.Errorf("gone on with as a run of another property: error %v", err)
	}
}

// A molecule's context is its value in the property's unit, scaled by what is held out.
func TestContextOfExamples(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("[data]\nhalf = \"first\"\n[condition]\nproperty = \"homo\"\n[network]\nhidden = 8\nlayers = 1\n", "c")
	if err != nil {
		t.Fatal(err)
	}
	r, err := PrepareOn(set, c, 1, cputime.OfProcess, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	q, _ := c.Condition.Quantity()
	first, _ := set.Halves()
	known, values, _ := q.Known(first)
	s, _ := q.Stats(set.Split("valid"))
	if len(r.Examples) != len(known) || r.Model.Condition.Stats != s {
		t.Fatalf("%d examples of %d molecules, scaled by %+v, not %+v", len(r.Examples), len(known), r.Model.Condition.Stats, s)
	}
	for i, e := range r.Examples {
		if want := []float32{float32((values[i] - s.Mean) / s.MAD)}; !slices.Equal(e.Context, want) || values[i] > 0 || values[i] < -15 {
			t.Fatalf("molecule %d, homo %v eV: context %v, expected %v", i, values[i], e.Context, want)
		}
	}
	bare := *set
	bare.Molecules = slices.Clone(set.Molecules)
	for i := range bare.Molecules {
		bare.Molecules[i].Properties = bare.Molecules[i].Properties[:2]
	}
	c, _ = config.Parse("[condition]\nproperty = \"mu\"\n", "c")
	if _, err := PrepareOn(&bare, c, 1, cputime.OfProcess, io.Discard); err == nil || !strings.Contains(err.Error(), `none of 10000 molecules has the property "mu" (condition.property)`) {
		t.Errorf("no molecule has it: error %v", err)
	}
}
