package main

import (
	"errors"
	"fmt"
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

// toldModel writes a model that has learned nothing, but can be told what is given.
func toldModel(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c, err := config.Parse("name = \"told\"\n[eot]\nmode = \"none\"\n[train]\ngiven_types = 0.2\ngiven_parts = 0.2\n[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "told")
	if err != nil {
		t.Fatal(err)
	}
	m, err := trained.New(c, datasets.Histogram{Counts: []int{0, 0, 0, 0, 0, 3, 0, 4}, Total: 7}, flow.Moments{})
	if err != nil {
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

// A formula is had by every molecule, a scaffold is there where the file has it.
func TestFormulaAndScaffold(t *testing.T) {
	m, part := toldModel(t), filepath.Join(t.TempDir(), "part.xyz")
	if err := os.WriteFile(part, []byte("2\n\nC 4.5 0 0.25\nO 5.7 0 0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := sample(t, "-model", m, "-n", "3", "-formula", "C2H4O")
	if strings.Count(got, "\nC ") != 6 || strings.Count(got, "\nH ") != 12 || strings.Count(got, "\nO ") != 3 {
		t.Errorf("no three of C2H4O:\n%s", got)
	}
	if got := sample(t, "-model", m, "-n", "3", "-scaffold", part); strings.Count(got, "\nC 4.5 0 0.25\nO 5.7 0 0\n") != 3 {
		t.Errorf("no three of the part:\n%s", got)
	}
	if got := sample(t, "-model", m, "-n", "1", "-scaffold", part, "-solver", "dpm", "-resample", "2", "-json", "-out", filepath.Join(t.TempDir(), "x.xyz")); !strings.Contains(got, `"nfe":5,`) {
		t.Errorf("two passes of two steps, and the last: %s", got)
	}
	if got := sample(t, "-model", m, "-n", "2", "-scaffold", part, "-formula", "CH4O"); strings.Count(got, "\nC 4.5 0 0.25\nO 5.7 0 0\nH ") != 2 {
		t.Errorf("no two of the part and the formula:\n%s", got)
	}
	empty := filepath.Join(t.TempDir(), "empty.xyz")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		`-formula "C2x"`: {"-formula", "C2x"},
		"train one with train.given_types above 0": {"-model", "qm9", "-formula", "CH4"},
		"expected a molecule, found none":          {"-scaffold", empty},
		"no such file":                             {"-scaffold", filepath.Join(t.TempDir(), "no.sdf")},
	} {
		if err := run(t.Context(), append([]string{"-model", m, "-n", "1"}, args...), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// A scaffold that nothing can be bonded to is warned of, and a formula of a size that the
// model has not seen; a part, and a size that it has, are not.
func TestWhatCannotGoWell(t *testing.T) {
	m, dir := toldModel(t), t.TempDir()
	methane := "C 0 0 0\nH 0.63 0.63 0.63\nH -0.63 -0.63 0.63\nH -0.63 0.63 -0.63\n"
	for name, text := range map[string]string{"whole.xyz": "5\n\n" + methane + "H 0.63 -0.63 -0.63\n", "part.xyz": "4\n\n" + methane} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const outside = "WARNING: size %d is outside of what the model has learned, molecules of 5 to 7 atoms\n"
	for want, args := range map[string][]string{
		"WARNING: no atom of the scaffold has a valence left": {"-scaffold", filepath.Join(dir, "whole.xyz")},
		"":                       {"-scaffold", filepath.Join(dir, "part.xyz"), "-formula", "CH4O"},
		fmt.Sprintf(outside, 8):  {"-formula", "C2H6"},
		fmt.Sprintf(outside, 4):  {"-atoms", "4"},
		fmt.Sprintf(outside, 50): {"-atoms", "50"},
	} {
		var stderr strings.Builder
		if err := run(t.Context(), append([]string{"-model", m, "-n", "1"}, args...), io.Discard, &stderr); err != nil {
			t.Fatal(err)
		}
		if got := stderr.String(); !strings.HasPrefix(got, want) || want == "" && strings.Contains(got, "WARNING") {
			t.Errorf("%v: said %q, want %q", args, got, want)
		}
	}
}
