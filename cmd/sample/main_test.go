package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/run/runtest"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
	"equifm/nn/safetensors"
)

// untrained writes the checkpoint of a small network that has learned nothing.
func untrained(t *testing.T) (dir string) { return untrainedOn(t, "") }

// untrainedOn is untrained with the section [data] spelled out.
func untrainedOn(t *testing.T, data string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c, err := config.Parse(data+"[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "small")
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
	if err := run(t.Context(), args, &b, io.Discard); err != nil {
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

// Without a seed, twice gives different molecules; every record says where it is from, and
// its seed gives it again.
func TestRecordsSayWhereTheyAreFrom(t *testing.T) {
	dir := untrained(t)
	one, other := sample(t, "-model", dir, "-n", "3"), sample(t, "-model", dir, "-n", "3")
	if one == other {
		t.Error("the same molecules twice")
	}
	ms := formats.NewXYZReader(strings.NewReader(one), "one")
	for i := range 3 {
		m, err := ms.Read()
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]string{"model": "run", "step": "0", "solver": "euler", "nfe": "3", "index": fmt.Sprint(i + 1)} {
			if got, _ := m.Property(key); got != want {
				t.Errorf("molecule %d: %s = %q, want %q", i+1, key, got, want)
			}
		}
		valid, _ := m.Property("valid")
		reason, said := m.Property("reason")
		if valid == "true" && said || valid == "false" && reason == "" || valid == "" {
			t.Errorf("molecule %d: valid = %q, reason = %q", i+1, valid, reason)
		}
		seed, _ := m.Property("seed")
		if again := sample(t, "-model", dir, "-n", "3", "-seed", seed); again != one {
			t.Errorf("seed %s gives others", seed)
		}
	}
}

// Every flag is in the help, and every example that it prints runs.
func TestHelp(t *testing.T) {
	f := flag.NewFlagSet("sample", flag.ContinueOnError)
	new(options).define(f)
	for _, problem := range help.Problems(f) {
		t.Error(problem)
	}
	plain, alpha, told := untrained(t), ofAlpha(t), toldModel(t)
	dir := t.TempDir()
	t.Chdir(dir)
	for name, from := range map[string]string{"mine": plain, "alpha": alpha, "told": told} {
		if err := os.CopyFS(filepath.Join("runs", name), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	sample(t, "-model", "runs/mine", "-n", "3", "-out", "mine.sdf")
	if err := os.WriteFile("part.xyz", []byte("2\n\nC 4.5 0 0.25\nO 5.7 0 0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range help.Examples() {
		if line := strings.Join(args, " "); !strings.Contains(line, "-valid") && !strings.Contains(line, "-novel") {
			args = append(args, "-steps", "2")
		}
		sample(t, args...)
	}
	for _, name := range []string{"molecules.sdf", "molecules.sdf.gz", "new.sdf", "at80.sdf", "sweep.svg", "movie.xyz"} {
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every format that can be read back holds the number that was asked for.
func TestFormats(t *testing.T) {
	m := untrained(t)
	for _, name := range []string{"a.sdf", "a.xyz", "a.SDF", "a.xyz.gz"} {
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

// The standard output takes every format.
func TestStandardOutput(t *testing.T) {
	m := untrained(t)
	for format, want := range map[string]int{"sdf": 5, "xyz": 5, "svg": 1} {
		text := sample(t, "-model", m, "-n", "5", "-seed", "2", "-out", "-", "-format", format)
		marks := map[string]string{"sdf": "$$$$\n", "xyz": "model=run", "svg": "</svg>"}
		if n := strings.Count(text, marks[format]); n != want {
			t.Errorf("%s: %d times %q in %.200s", format, n, marks[format], text)
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
	runtest.Documented(t, text)
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
		"-format pdb, expected one of sdf": {"-model", m, "-format", "pdb"},
		`unexpected argument "10"`:         {"-model", m, "10"},
		"round":                            {"-model", m, "-grid", "round"},
		"sample.number: expected 1 to":     {"-model", m, "-n", "9223372036854775807"},
		"sample.steps: expected 1 to":      {"-model", m, "-steps", "9223372036854775807"},
		"-steps changes nothing":           {"-model", m, "-solver", "dopri5", "-steps", "5"},
		"-grid changes nothing":            {"-model", m, "-solver", "dopri5", "-grid", "cubic"},
		"-eta changes nothing":             {"-model", m, "-eta", "0"},
		"-churn changes nothing":           {"-model", m, "-solver", "dpm", "-churn", "1.2"},
		"-guidance changes nothing":        {"-model", m, "-guidance", "0"},
		"-train changes nothing":           {"-model", m, "-valid", "-train", "builtin"},
		"-types-from changes nothing":      {"-model", m, "-types-from", "0.5"},
		"-format changes nothing":          {"-model", m, "-out", "a.sdf", "-format", "sdf"},
		"-steps 0, expected":               {"-model", m, "-steps", "0"},
		"-eta -1, expected":                {"-model", m, "-solver", "dpm", "-eta", "-1"},
		"-guidance -1, expected":           {"-model", m, "-guidance", "-1"},
		"-churn 0, expected":               {"-model", m, "-solver", "karras", "-churn", "0"},
		"-types-from 0, expected":          {"-model", m, "-formula", "CH4", "-types-from", "0"},
		`-formula "", expected a value`:    {"-model", m, "-formula", ""},
		"is the file of -out":              {"-model", m, "-out", "a.xyz", "-trajectory", "./a.xyz"},
		"molecule of 200 to 210 atoms":     {"-model", m, "-atoms", "200-210"},
		"a.sdf: cannot be written: ":       {"-model", m, "-out", filepath.Join(t.TempDir(), "none", "a.sdf")},
		"is a folder":                      {"-model", m, "-out", folder},
	} {
		var b bytes.Buffer
		if err := run(t.Context(), args, &b, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("sample %v: error %v, want %q in it", args, err, want)
		}
	}
}

// What has to be said otherwise is 2, what a path leads to is 1.
func TestExitCodes(t *testing.T) {
	m, dir := untrained(t), t.TempDir()
	for args, want := range map[string]int{
		"-model nosuch": 2, "-n 0": 2, "-out " + dir + "/a.pdb": 2, "-property alpha=80 -model " + m: 2, "-atoms 200-210 -model " + m: 2, "-formula Cl2": 2, "-device gpu -model " + m: 2,
		"-model ./nosuch": 1, "-out " + dir + "/none/a.sdf": 1, "-out " + dir + "/a.sdf -trajectory " + dir + "/none/a.xyz": 1, "-report " + dir + "/none/a.html": 1, "-scaffold ./nosuch.xyz": 1,
	} {
		if err := run(t.Context(), strings.Fields(args), io.Discard, io.Discard); exit.Code(err) != want {
			t.Errorf("sample %s: %d for %v, want %d", args, exit.Code(err), err, want)
		}
	}
}

// A sample drawn in parts is the one drawn at once, and what there is when it is told to
// stop is kept.
func TestFaultInterruptKeepsWhatIsDrawn(t *testing.T) {
	model, err := trained.Open(untrained(t))
	if err != nil {
		t.Fatal(err)
	}
	how := model.Options()
	how.Number, how.Seed, how.Workers, how.Steps = 300, 3, 2, 1
	whole, _, err := model.Sample(t.Context(), how)
	if err != nil {
		t.Fatal(err)
	}
	for parts, want := range map[int]int{1: 256, 2: 300} {
		ctx, cancel := context.WithCancel(t.Context())
		d, seen, calls := drawing{m: model, how: how, line: progress.On(io.Discard)}, 0, 0
		err := d.draw(ctx, func(molecules []*molecule.Molecule, judged []metrics.Judgement) error {
			for i, m := range molecules {
				if w := whole[seen+i]; m.Name != w.Name || !slices.Equal(m.Pos, w.Pos) || !slices.Equal(m.Elements, w.Elements) || judged[i].Atoms != m.Len() {
					t.Fatalf("molecule %d differs from that of the sample drawn at once", seen+i+1)
				}
			}
			seen += len(molecules)
			if calls++; calls == parts {
				cancel()
			}
			return nil
		})
		if cancel(); err != nil || seen != want || d.n != want || d.stats().NFE != 1 {
			t.Errorf("%d molecules, %d evaluations each, error %v", seen, d.stats().NFE, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	out := filepath.Join(t.TempDir(), "a.sdf")
	var b bytes.Buffer
	if err := run(ended, []string{"-model", untrained(t), "-out", out, "-json"}, &b, io.Discard); err == nil || !strings.Contains(err.Error(), "interrupted: none of 16") {
		t.Errorf("error %v", err)
	}
	if got := stoppedAt(t, &b); got.Written != 0 || got.Drawn != 0 || got.Out != "" {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is a file of nothing")
	}
}

// stoppedAt reads what -json prints of a sample of 16 that was stopped.
func stoppedAt(t *testing.T, b *bytes.Buffer) (got done) {
	t.Helper()
	runtest.Documented(t, b.String())
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || !strings.HasPrefix(got.Stopped, "interrupted: ") || got.Molecules != 16 {
		t.Errorf("error %v in %s", err, b)
	}
	b.Reset()
	return got
}

// What is there of a sample that was stopped is said with -json too, and that there is no
// report of it.
func TestFaultInterruptIsTold(t *testing.T) {
	dir := t.TempDir()
	runtest.Small(t, dir, 1)
	m := untrainedOn(t, fmt.Sprintf("[data]\nsource = %q\nsplit = \"\"\n", filepath.Join(dir, "few.xyz")))
	ctx, cancel := context.WithCancel(t.Context())
	files.Before = func(operation, path string) error {
		if operation == "sync" { // the molecules are written, and the file is not yet there
			cancel()
		}
		return nil
	}
	defer func() { files.Before = nil }()
	var b bytes.Buffer
	err := run(ctx, []string{"-model", m, "-out", filepath.Join(dir, "a.sdf"), "-report", filepath.Join(dir, "a.html"), "-json"}, &b, io.Discard)
	if err == nil || err.Error() != "interrupted: 16 of 16 molecules are written, and no report" {
		t.Errorf("error %v", err)
	}
	if got := stoppedAt(t, &b); got.Written != 16 || got.Drawn != 16 || got.Out != filepath.Join(dir, "a.sdf") {
		t.Errorf("%+v", got)
	}
}
