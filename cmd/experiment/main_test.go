package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/experiment"
	"equifm/cmd/internal/run/runtest"
)

func said(t *testing.T, args ...string) string {
	t.Helper()
	var b bytes.Buffer
	if err := run(context.Background(), args, &b, &b); err != nil {
		t.Fatalf("experiment %v: %v", args, err)
	}
	return b.String()
}

func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	var b bytes.Buffer
	command := run
	if len(args) > 0 && args[0] == "diagnose" {
		args, command = args[1:], diagnose
	}
	if err := command(context.Background(), args, &b, &b); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("experiment %v: error %v, want %q in it", args, err, want)
	}
}

func TestListAndPrint(t *testing.T) {
	text := said(t, "-list")
	runtest.Documented(t, said(t, "-list", "-json"))
	for _, name := range experiment.Names() {
		if !strings.Contains(text, name+" ") {
			t.Errorf("no %s in\n%s", name, text)
		}
		if _, err := experiment.Parse(said(t, "-print", name), name+".toml"); err != nil {
			t.Error(err)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	refused(t, "expected -list, -all, a file or the name of an experiment: ")
	refused(t, `no experiment and no file is named "ladr"`, "ladr")
	refused(t, "expected one of them", "-quick", "-data", "x.xyz", "ladder")
	refused(t, "-workers 0", "-workers", "0", "ladder")
	refused(t, `flags go before names`, "ladder", "-quick")
	refused(t, "missing.xyz", "-out", t.TempDir(), "-data", "missing.xyz", "ladder")
	refused(t, `expected one model`, "diagnose")
	refused(t, `no model is named "qm8"`, "diagnose", "qm8")
	refused(t, `-from has "2"`, "diagnose", "-from", "1,2", "qm9")
	refused(t, "-n 0", "diagnose", "-n", "0", "qm9")
	refused(t, "-steps 0", "diagnose", "-steps", "0", "qm9")
	refused(t, "-out changes nothing with -list", "-list", "-out", "x")
	refused(t, `unexpected argument "ladder"`, "-list", "ladder")
	refused(t, "-json changes nothing with -print", "-print", "-json", "ladder")
	refused(t, "-quick changes nothing with -print", "-print", "-quick", "ladder")
	refused(t, "missing.xyz", "diagnose", "-data", "missing.xyz", "qm9")
}

// What has to be said otherwise is 2, what a path leads to is 1.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.toml")
	if err := os.WriteFile(bad, []byte("title = 3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]int{"nosuch": 2, bad: 2, "-list x": 2, "": 2, filepath.Join(dir, "none.toml"): 1, dir: 1} {
		if err := run(context.Background(), strings.Fields(args), io.Discard, io.Discard); exit.Code(err) != want {
			t.Errorf("experiment %s: %d for %v, want %d", args, exit.Code(err), err, want)
		}
	}
	for args, want := range map[string]int{"": 2, "qm8": 2, "-n 0 qm9": 2, filepath.Join(dir, "none.safetensors"): 1} {
		if err := diagnose(context.Background(), strings.Fields(args), io.Discard, io.Discard); exit.Code(err) != want {
			t.Errorf("diagnose %s: %d for %v, want %d", args, exit.Code(err), err, want)
		}
	}
}

// mine writes a file of two arms, which train for a moment.
func mine(t *testing.T, dir string) (path string) {
	t.Helper()
	text, err := os.ReadFile(runtest.Small(t, dir, 6))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string // the configuration's, under [base]
	section := ""
	for _, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]") + "."
		case line != "" && section != "":
			keys = append(keys, section+line)
		}
	}
	path = filepath.Join(dir, "mine.toml")
	file := "title = \"Mine\"\nquestion = \"Mine?\"\nseeds = [1]\nfigures = [\"atom_stability\"]\n[base]\nnetwork.edge = 0\nsample.eta = 0.0\n" +
		strings.Join(keys, "\n") + "\n[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\neot.mode = \"both\"\n"
	if err := os.WriteFile(path, []byte(file), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every flag is in the help, and every example that it prints runs.
func TestHelp(t *testing.T) {
	f, g := flag.NewFlagSet("experiment", flag.ContinueOnError), flag.NewFlagSet("diagnose", flag.ContinueOnError)
	new(options).define(f)
	defineDiagnose(g, new(experiment.DiagnoseRequest))
	for _, problem := range append(help.Problems(f), diagnoseHelp.Problems(g)...) {
		t.Error(problem)
	}
	model, err := os.ReadFile("../../testdata/checkpoints/version1.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	mine(t, dir)
	if err := errors.Join(os.MkdirAll("runs/mine", 0o777), os.WriteFile("runs/mine/checkpoint.safetensors", model, 0o666)); err != nil {
		t.Fatal(err)
	}
	for _, args := range help.Examples() {
		said(t, args...)
	}
	for _, args := range diagnoseHelp.Examples() {
		var b bytes.Buffer
		if err := diagnose(context.Background(), args, &b, io.Discard); err != nil || b.Len() == 0 {
			t.Errorf("diagnose %v: %v", args, err)
		}
	}
}

// A file of one's own runs, says "go on" when it is stopped, and goes on.
func TestFileOfOnesOwn(t *testing.T) {
	dir := t.TempDir()
	path, out := mine(t, dir), filepath.Join(dir, "out")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b bytes.Buffer
	if err := run(ctx, []string{"-out", out, path}, &b, &b); err == nil || !strings.Contains(err.Error(), "the same command goes on where it was") {
		t.Errorf("error %v", err)
	}
	screen := said(t, "-out", out, path)
	for _, ending := range []string{".md", ".csv", ".svg"} {
		if info, err := os.Stat(filepath.Join(out, "mine"+ending)); err != nil || info.Size() == 0 {
			t.Errorf("mine%s: %v", ending, err)
		}
	}
	if !strings.Contains(screen, "# Mine") || !strings.Contains(screen, "too few to judge") {
		t.Errorf("screen:\n%s", screen)
	}
	b.Reset()
	if err := run(context.Background(), []string{"-out", out, "-json", path}, &b, io.Discard); err != nil {
		t.Fatal(err)
	}
	var got experiment.Summary
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.Experiment != "mine" || len(got.Arms) != 2 || len(got.Arms[1].Figures["atom_stability"].Runs) != 1 || len(got.Files) != 3 {
		t.Errorf("%s: error %v", &b, err)
	}
	runtest.Documented(t, b.String())
}

func TestDiagnose(t *testing.T) {
	var b bytes.Buffer
	if err := diagnose(context.Background(), []string{"-n", "6", "-steps", "5", "-from", "1, 0.2", "qm9"}, &b, &b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	b.Reset()
	if err := diagnose(context.Background(), []string{"-n", "2", "-steps", "2", "-from", "0.2", "-json", "qm9"}, &b, io.Discard); err != nil {
		t.Fatal(err)
	}
	runtest.Documented(t, b.String())
	for _, want := range []string{"6 molecules held out of qm9-sample", "  0.20      1 ", "  1.00      5 ", "mean of ĥ₀", "  0.95 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
