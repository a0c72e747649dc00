package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn/safetensors"
)

// ofAlpha writes the checkpoint of a model of alpha that has learned nothing.
func ofAlpha(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c, err := config.Parse("[condition]\nproperty = \"alpha\"\n[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "small")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	q, _ := c.Condition.Quantity()
	known, values, err := q.Known(set.Molecules)
	if err != nil {
		t.Fatal(err)
	}
	m, err := trained.New(c, datasets.SizeHistogram(known), flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Condition, err = trained.NewCondition(q, known, values, nil); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, trained.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.Write(f, safetensors.F32), f.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A value is asked of every molecule, a sweep from its first value to its last.
func TestPropertyIsAskedFor(t *testing.T) {
	m := ofAlpha(t)
	if got := sample(t, "-model", m, "-n", "4", "-property", "alpha=80"); strings.Count(got, "asked_alpha=80") != 4 {
		t.Errorf("alpha=80:\n%s", got)
	}
	got := sample(t, "-model", m, "-n", "3", "-property", "alpha=60:100", "-atoms", "9")
	at := -1
	for _, want := range []string{"asked_alpha=60", "asked_alpha=80", "asked_alpha=100"} {
		if k := strings.Index(got, want); k <= at {
			t.Errorf("%s is not behind the one before:\n%s", want, got)
		} else {
			at = k
		}
	}
	if strings.Count(got, "9\n") < 3 {
		t.Errorf("not of 9 atoms:\n%s", got)
	}
	if got := sample(t, "-model", m, "-n", "3", "-property", "alpha=70", "-out", filepath.Join(t.TempDir(), "a.sdf")); !strings.Contains(got, "3 molecules asked for alpha=70 in ") {
		t.Errorf("says %q", got)
	}
}

func TestPropertyRefusals(t *testing.T) {
	alpha, plain := ofAlpha(t), untrained(t)
	for want, args := range map[string][]string{
		"the model has learned alpha":                                         {"-model", alpha, "-property", "gap=7"},
		"the model has learned no property":                                   {"-model", plain, "-property", "alpha=80"},
		`expected a property and its value`:                                   {"-model", alpha, "-property", "alpha"},
		`"alpha=60:x", expected a property`:                                   {"-model", alpha, "-property", "alpha=60:x"},
		`"alpha=NaN", expected a property`:                                    {"-model", alpha, "-property", "alpha=NaN"},
		"sample.guidance: 1 needs a model that has learned":                   {"-model", alpha, "-guidance", "1"},
		"expected a number of atoms, as 18, or the ends of a range, as 12-20": {"-model", alpha, "-atoms", "-3"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q in it", args, err, want)
		}
	}
	var warned, quiet bytes.Buffer
	if err := run(t.Context(), []string{"-model", alpha, "-n", "2", "-property", "alpha=500"}, io.Discard, &warned); err != nil || !strings.Contains(warned.String(), "WARNING: alpha = 500 a0^3 is outside of what the model has learned, ") {
		t.Errorf("warned %q, error %v", warned.String(), err)
	}
	if err := run(t.Context(), []string{"-model", alpha, "-n", "2", "-property", "alpha=75"}, io.Discard, &quiet); err != nil || strings.Contains(quiet.String(), "WARNING") {
		t.Errorf("warned %q, error %v", quiet.String(), err)
	}
}
