package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/run/runtest"
	"equifm/datasets"
	"equifm/molecule/bonds"
	"equifm/molecule/formats"
)

var update = flag.Bool("update", false, "write the transcripts anew")

// transcript runs a command line in testdata and returns what a terminal shows.
func transcript(args string) string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "$ eval %s\n", args)
	if err := run(strings.Fields(args), nil, &out, &out); err != nil {
		ranks.Complain(&out, "eval", err)
		fmt.Fprintln(&out, "exit 1")
	}
	return out.String()
}

// The transcripts in testdata show what eval prints: a table, bad
// files among good ones, nothing at all.
func TestTranscripts(t *testing.T) {
	t.Chdir("testdata")
	for name, args := range map[string]string{
		"table.txt": "some.xyz -train train.xyz",
		"bad.txt":   "few.xyz absent.xyz bad.xyz few.xyz",
		"empty.txt": "empty.xyz",
		"apart.txt": "-apart -train train.xyz some.xyz few.xyz",
	} {
		got := transcript(args)
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// Line for line the keys and verdicts of RDKit's side, and the same totals.
func TestGolden(t *testing.T) {
	golden := filepath.Join("..", "..", "testdata", "golden")
	want, err := os.ReadFile(filepath.Join(golden, "molecules.expect.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	got := output(t, "-jsonl", filepath.Join(golden, "molecules.xyz"))
	gotLines, wantLines := decodeLines(t, got), decodeLines(t, string(want))
	if len(gotLines) != len(wantLines) {
		t.Fatalf("%d lines, want %d", len(gotLines), len(wantLines))
	}
	for i, w := range wantLines {
		for key, value := range w {
			g, ok := gotLines[i][key]
			switch {
			case !ok:
				t.Errorf("line %d: no %s", i+1, key)
			case key == "smiles": // RDKit's strings differ; null stays null
				if (g == nil) != (value == nil) {
					t.Errorf("line %d: smiles %v, want %v", i+1, g, value)
				}
			case !same(g, value):
				t.Errorf("line %d: %s = %v, want %v", i+1, key, g, value)
			}
		}
	}
	runtest.Documented(t, got)
	totals := decodeLines(t, output(t, filepath.Join(golden, "molecules.xyz"), "--json"))
	if len(totals) != 1 || !reflect.DeepEqual(totals[0], gotLines[len(gotLines)-1]) {
		t.Error("-json differs from the last line of -jsonl")
	}
}

func same(a, b any) bool {
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 {
		return math.Abs(x-y) <= 1e-12
	}
	return a == b
}

func decodeLines(t *testing.T, text string) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, m)
	}
	return all
}

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	if err := run(args, nil, &out, &complaints); err != nil {
		t.Fatalf("%v: %v %s", args, err, complaints.String())
	}
	return out.String()
}

// Bonds and charges are as an SDF states them unless -bonds says otherwise, and are told.
func TestStatedBonds(t *testing.T) {
	file := filepath.Join("..", "..", "testdata", "golden", "sdf_charges.sdf")
	got := decodeLines(t, output(t, "-json", "-train", file, file))[0]
	own, _ := got["training"].(map[string]any)
	if got["validity"] != 1. || got["stated"] != 30. || got["charged"] != 18. || own["charged"] != 18. {
		t.Errorf("%v", got)
	}
	text := output(t, file, "-train", file)
	for _, want := range []string{"\nbonds as the file states them in 30 of 30, from distances in the others; 18 have a charge", "training set: bonds as the file states them in 30 of 30",
		"validity               100.00  [ 88.65, 100.00]        100.00  30/30"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	got = decodeLines(t, output(t, "-json", "-bonds", "distance", file))[0]
	if got["validity"] == 1. || got["stated"] != 0. || got["charged"] != 0. {
		t.Errorf("by distances: %v", got)
	}
}

// Every flag is in the help, and every example that it prints runs.
func TestHelp(t *testing.T) {
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	new(options).define(f)
	for _, problem := range help.Problems(f) {
		t.Error(problem)
	}
	set, err := datasets.Load("testdata/few.xyz")
	if err != nil {
		t.Fatal(err)
	}
	model, err := os.ReadFile(version1)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	var sdf bytes.Buffer
	w := formats.NewSDFWriter(&sdf)
	for i := range set.Molecules {
		if err := w.Write(&set.Molecules[i], bonds.QM9().Perceive(&set.Molecules[i])); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll("runs/mine", 0o777); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"molecules.sdf": sdf.Bytes(), "mine.sdf": sdf.Bytes(), "more.sdf": sdf.Bytes(), "runs/mine/checkpoint.safetensors": model} {
		if err := os.WriteFile(name, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range help.Examples() {
		var out, complaints bytes.Buffer
		if err := run(args, bytes.NewReader(sdf.Bytes()), &out, &complaints); err != nil || out.Len() == 0 {
			t.Errorf("%v: %v, said %s", args, err, &out)
		}
	}
}

// The standard input is judged as the file is, gzipped or not.
func TestStandardInput(t *testing.T) {
	text, err := os.ReadFile("testdata/few.xyz")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	want := output(t, "testdata/few.xyz")
	for _, in := range []io.Reader{bytes.NewReader(text), &packed} {
		var out bytes.Buffer
		if err := run([]string{"-format", "xyz", "-"}, in, &out, &out); err != nil || out.String() != want {
			t.Errorf("error %v, %s", err, &out)
		}
	}
	var out bytes.Buffer
	if err := run([]string{"-format", "sdf", "-"}, bytes.NewReader(text), &out, &out); err == nil || !strings.HasPrefix(err.Error(), "standard input:") {
		t.Errorf("error %v", err)
	}
}

// The number of workers changes nothing.
func TestWorkers(t *testing.T) {
	file := filepath.Join("..", "..", "testdata", "golden", "molecules.xyz")
	one := output(t, "-workers", "1", "-jsonl", "-train", "testdata/train.xyz", file)
	for _, workers := range []string{"7", "9223372036854775807"} {
		if many := output(t, "-jsonl", file, "-workers", workers, "-train", "testdata/train.xyz"); many != one {
			t.Errorf("%s workers print something else than one", workers)
		}
	}
}

func TestParseFlags(t *testing.T) {
	for args, want := range map[string]options{
		"a.xyz -json b.xyz":       {json: true, files: []string{"a.xyz", "b.xyz"}},
		"-json a.xyz b.xyz":       {json: true, files: []string{"a.xyz", "b.xyz"}},
		"a.xyz -train t.xyz":      {train: "t.xyz", files: []string{"a.xyz"}},
		"-jsonl -- -json -a.xyz":  {jsonl: true, files: []string{"-json", "-a.xyz"}},
		"a.xyz -jsonl -- b -json": {jsonl: true, files: []string{"a.xyz", "b", "-json"}},
	} {
		got, err := parseFlags(strings.Fields(args), &bytes.Buffer{})
		want.bonds, want.workers, want.likelihood = "file", got.workers, likelihoodOptions{model: "qm9", trace: "auto", probes: 1, draws: 1, seed: 1}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v (%v), want %+v", args, got, err, want)
		}
	}
	for _, args := range []string{"", "-json", "-json -jsonl a.xyz", "-workers 0 a.xyz", "-bonds rdkit a.xyz", "-", "-format smi -", "a.xyz -unknown",
		"-likelihood -end 0 a.xyz", "-likelihood -end 1 a.xyz", "-likelihood -end NaN a.xyz", "-train= a.xyz"} {
		if _, err := parseFlags(strings.Fields(args), &bytes.Buffer{}); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}

// What has to be said otherwise is 2, what a path leads to is 1.
func TestExitCodes(t *testing.T) {
	for args, want := range map[string]int{
		"": 2, "-report a.pdf testdata/few.xyz": 2, "-likelihood -model nosuch testdata/few.xyz": 2,
		"-report none/a.html testdata/few.xyz": 1, "nosuch.xyz": 1, "testdata/empty.xyz": 1, "-train nosuch.xyz testdata/few.xyz": 1,
	} {
		if err := run(strings.Fields(args), nil, io.Discard, io.Discard); exit.Code(err) != want {
			t.Errorf("eval %s: %d for %v, want %d", args, exit.Code(err), err, want)
		}
	}
}

// A flag that changes nothing is an error: those of -likelihood without it, those of judging
// with it, and the format of a standard input that is not read.
func TestIdleFlags(t *testing.T) {
	for _, flag := range []string{"-model qm9", "-n 0", "-trace auto", "-probes 1", "-draws 1", "-end 0.1", "-seed 1"} {
		idle(t, flag+" a.xyz", " without -likelihood")
	}
	for _, flag := range []string{"-train t.xyz", "-bonds file", "-report a.html"} {
		idle(t, "-likelihood a.xyz "+flag, " with -likelihood")
	}
	idle(t, "-likelihood -trace exact -probes 2 a.xyz", "-probes changes nothing with -trace exact")
	idle(t, "-format xyz a.xyz", "-format changes nothing without -")
}

func idle(t *testing.T, args, want string) {
	t.Helper()
	if _, err := parseFlags(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), "changes nothing") || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want %q in it", args, err, want)
	}
}
