package main

import (
	"bytes"
	"encoding/json"
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
	"equifm/molecule/formats"
	"equifm/nn/safetensors"
)

// untrained writes the checkpoint of a small network that has learned nothing.
func untrained(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c, err := config.Parse("[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "small")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := trained.New(c, datasets.SizeHistogram(set.Molecules[:50]), flow.Moments{})
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

func sample(t *testing.T, args ...string) string {
	t.Helper()
	var b bytes.Buffer
	if err := run(args, &b, io.Discard); err != nil {
		t.Fatalf("sample %v: %v", args, err)
	}
	return b.String()
}

// The same seed gives the same molecules for any number of workers; another
// seed gives others.
func TestSeedDecides(t *testing.T) {
	m := untrained(t)
	one := sample(t, "-model", m, "-n", "20", "-seed", "4", "-workers", "1")
	if many := sample(t, "-model", m, "-n", "20", "-seed", "4", "-workers", "3"); many != one {
		t.Error("3 workers draw other molecules than one")
	}
	if other := sample(t, "-model", m, "-n", "20", "-seed", "5"); other == one {
		t.Error("another seed draws the same molecules")
	}
}

// Every format that can be read back holds the number that was asked for.
func TestFormats(t *testing.T) {
	m := untrained(t)
	for _, name := range []string{"a.sdf", "a.xyz"} {
		out := filepath.Join(t.TempDir(), name)
		sample(t, "-model", filepath.Join(m, trained.Checkpoint), "-n", "7", "-out", out)
		f, err := formats.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; ; n++ {
			if _, err := f.Read(); err != nil {
				break
			}
		}
		f.Close()
		if n != 7 {
			t.Errorf("%s holds %d molecules", name, n)
		}
	}
}

func TestJSONReportsTheCost(t *testing.T) {
	out := filepath.Join(t.TempDir(), "a.svg")
	text := sample(t, "-model", untrained(t), "-n", "3", "-out", out, "-solver", "heun", "-steps", "4", "-grid", "cubic", "-json")
	var got struct {
		NFE    int
		Solver string
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil || got.NFE != 7 || got.Solver != "heun" {
		t.Errorf("%s: error %v", text, err)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	m := untrained(t)
	broken := filepath.Join(t.TempDir(), "broken.safetensors")
	if err := os.WriteFile(broken, []byte("not a checkpoint at all"), 0o666); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "b.xyz")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"none":                             {"-model", filepath.Join(t.TempDir(), "none")},
		"broken.safetensors":               {"-model", broken},
		`unknown solver "rk5"`:             {"-model", m, "-solver", "rk5"},
		"-n 0":                             {"-model", m, "-n", "0"},
		"a.pdb: expected a name that ends": {"-model", m, "-out", "a.pdb"},
		"-json needs -out":                 {"-model", m, "-json"},
		`unexpected argument "10"`:         {"-model", m, "10"},
		"round":                            {"-model", m, "-grid", "round"},
		"sample.number = ":                 {"-model", m, "-n", "9223372036854775807"},
		"sample.steps = ":                  {"-model", m, "-steps", "9223372036854775807"},
		"dopri5 chooses its own":           {"-model", m, "-solver", "dopri5", "-steps", "5"},
		"a.sdf":                            {"-model", m, "-out", filepath.Join(t.TempDir(), "none", "a.sdf")},
		"is a folder":                      {"-model", m, "-out", folder},
	} {
		var b bytes.Buffer
		if err := run(args, &b, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("sample %v: error %v, want %q in it", args, err, want)
		}
	}
}
