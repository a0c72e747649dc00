package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/run/runtest"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/molecule"
)

func start(t *testing.T, args ...string) (screen string) {
	t.Helper()
	var b bytes.Buffer
	if err := train(context.Background(), args, &b, &b); err != nil {
		t.Fatalf("train %v: %v", args, err)
	}
	return b.String()
}

func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	var b bytes.Buffer
	err := train(context.Background(), args, &b, &b)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("train %v: error %v, want %q in it", args, err, want)
	}
}

func TestInterruptAfterTrainingKills(t *testing.T) {
	if os.Getenv("EQUIFM_INTERRUPT") != "" { // the child
		if err := interruptible(context.Background(), func(context.Context) error { return nil }); err != nil {
			t.Fatal(err)
		}
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if err := self.Signal(os.Interrupt); err != nil {
			t.Skip(err) // Windows has no such signal
		}
		time.Sleep(10 * time.Second)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestInterruptAfterTrainingKills$", "-test.v")
	child.Env = append(os.Environ(), "EQUIFM_INTERRUPT=1")
	if out, err := child.CombinedOutput(); err == nil && !strings.Contains(string(out), "SKIP") {
		t.Errorf("a program that samples went on after an interrupt: %s", out)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	screen := start(t, "-config", runtest.Small(t, dir, 5), "-out", out, "-dry-run")
	if !strings.Contains(screen, "coords_range = 15.0") || !strings.Contains(screen, "nothing was written") {
		t.Errorf("screen:\n%s", screen)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("the folder was made")
	}
}

// An old key in a configuration's file is noted once.
func TestOldKeysAreNoted(t *testing.T) {
	dir := t.TempDir()
	path := runtest.Small(t, dir, 1)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, "[path]\nangle = 0.5\n"...), 0o666); err != nil {
		t.Fatal(err)
	}
	screen := start(t, "-config", path, "-out", filepath.Join(dir, "run"))
	screen += start(t, "-resume", "-out", filepath.Join(dir, "run")) // its file has the new key
	if n := strings.Count(screen, "note: path.angle is called loss.angle now\n"); n != 1 {
		t.Errorf("noted %d times:\n%s", n, screen)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(text string) string {
		path := filepath.Join(dir, "bad.toml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	refused(t, `bad.toml:2: train.stps: unknown key; the nearest known one is "train.steps"`, "-config", write("[train]\nstps = 5\n"))
	refused(t, `bad.toml:2: network.hidden: expected 1 to 8192, found 0`, "-config", write("[network]\nhidden = 0\n"))
	refused(t, `bad.toml:2: path.x: expected one of linear`, "-config", write("[path]\nx = \"bent\"\n"))
	refused(t, `learned`, "-config", write("[path]\nx = \"learned\"\n"))
	refused(t, `bad.toml`, "-config", write("[train\n"))
	refused(t, `no preset and no file is named "tini"; presets: tiny, qm9-small, fine-tune, given, geom-drugs, qm9`, "-config", "tini")
	refused(t, `no checkpoint.safetensors to resume from`, "-resume", "-out", filepath.Join(dir, "none"))
	refused(t, `unexpected argument "qm9"`, "qm9")
	refused(t, `-workers 0`, "-workers", "0")
	refused(t, `-cooldown 0`, "-cooldown", "0")
	refused(t, `-out "", expected a value`, "-out", "")
	refused(t, `-allow-changes changes nothing without -resume`, "-allow-changes")
	refused(t, `-seed changes nothing with -inspect`, "-inspect", "qm9", "-seed", "1")
	refused(t, `-print-config changes nothing with -inspect`, "-inspect", "qm9", "-print-config")
	refused(t, `-dry-run changes nothing with -print-config`, "-dry-run", "-print-config")
	refused(t, `-set or -seed: seed: expected 0 to`, "-seed", "9223372036854775808")
	refused(t, "-set lr: expected key=value, as -set train.lr=1e-3\n-set lr=2: lr: unknown key; the nearest known one is \"train.lr\"", "-set", "lr", "-set", "lr=2")
	refused(t, `-set or -seed: train.lr: expected a positive number, found -1`, "-set", "train.lr=-1")
	refused(t, `data: source = "missing.xyz": stat missing.xyz`, "-config", write("[data]\nsource = \"missing.xyz\"\n"))
	refused(t, `no molecules of split "tset"`, "-config", write("[data]\nsplit = \"tset\"\n"))
}

// What has to be said otherwise is 2, what a path leads to is 1.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]int{
		"-config nosuch": 2, "-from nosuch -config tiny": 2, "-set train.lr=-1": 2, "-cooldown 5": 2, "-inspect nosuch": 2, "-dry-run -device gpu": 2,
		"-config ./nosuch.toml": 1, "-data nosuch.sdf": 1, "-resume -out none": 1, "-out file": 1, "-inspect ./nosuch": 1, "-inspect file": 1,
	} {
		if err := train(context.Background(), strings.Fields(args), io.Discard, io.Discard); exit.Code(err) != want {
			t.Errorf("train %s: %d for %v, want %d", args, exit.Code(err), err, want)
		}
	}
}

// With -json the standard output has one object, of fields that are documented, and nothing
// else: of a run that ends, of one that is told to stop, and of a dry one.
func TestJSON(t *testing.T) {
	dir := t.TempDir()
	config, out := runtest.Small(t, dir, 5), filepath.Join(dir, "run")
	told, cancel := context.WithCancel(context.Background())
	cancel()
	for _, k := range []struct {
		ctx     context.Context
		args    []string
		step    int
		stopped string
		sampled int
	}{
		{context.Background(), []string{"-dry-run"}, 2, "", 0},
		{told, nil, 1, "stopped after step 1 of 5; go on with: ", 0},
		{context.Background(), []string{"-resume"}, 5, "", 5},
	} {
		var stdout, stderr bytes.Buffer
		err := train(k.ctx, append(k.args, "-config", config, "-out", out, "-json"), &stdout, &stderr)
		var got struct {
			Step, Steps, Molecules, Parameters int
			Run, Stopped                       string
			Loss                               float64
			Sample                             struct{ Molecules int }
		}
		if problem := json.Unmarshal(stdout.Bytes(), &got); problem != nil || (err != nil) != (k.stopped != "") {
			t.Fatalf("%v: error %v, %v in %s", k.args, err, problem, &stdout)
		}
		if got.Step != k.step || got.Steps != 5 || got.Molecules != 20 || got.Parameters == 0 || got.Loss <= 0 || got.Sample.Molecules != k.sampled || !strings.HasPrefix(got.Stopped, k.stopped) {
			t.Errorf("%v: %s", k.args, &stdout)
		}
		if !strings.Contains(stderr.String(), "20 molecules of") {
			t.Errorf("%v: the standard error has %s", k.args, &stderr)
		}
		runtest.Documented(t, stdout.String())
	}
	refused(t, "expected one of them", "-json", "-print-config")
	var again bytes.Buffer // of a run that has ended, the log knows
	if err := train(context.Background(), []string{"-resume", "-out", out, "-json"}, &again, io.Discard); err != nil {
		t.Fatal(err)
	}
	var got struct{ Loss float64 }
	if err := json.Unmarshal(again.Bytes(), &got); err != nil || got.Loss != lastLoss(t, out) {
		t.Errorf("%s: error %v, want the loss %v", &again, err, lastLoss(t, out))
	}
}

// lastLoss is that of the last line of a run's log.
func lastLoss(t *testing.T, dir string) float64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var last struct{ Loss float64 }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Loss == 0 {
		t.Fatal(err, lines)
	}
	return last.Loss
}

// Every flag is in the help, and every example that it prints does what it says; those that
// would train for long take two steps.
func TestHelp(t *testing.T) {
	f := flag.NewFlagSet("train", flag.ContinueOnError)
	new(options).define(f)
	for _, problem := range help.Problems(f) {
		t.Error(problem)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	small := runtest.Small(t, dir, 2)
	if err := os.Rename(small, "my.toml"); err != nil {
		t.Fatal(err)
	}
	start(t, "-config", "my.toml", "-out", filepath.Join("runs", "mine"))
	left, err := os.ReadDir(filepath.Join("runs", "mine"))
	if err != nil || len(left) < 10 {
		t.Fatalf("the run's folder: %v, error %v", left, err)
	}
	for _, e := range left {
		name := strings.TrimPrefix(e.Name(), "samples") // whose endings are listed
		if name != "lock" && !strings.Contains(e.Name(), ".previous.") && !strings.Contains(help.What, name) {
			t.Errorf("the help does not say that a run leaves %s", e.Name())
		}
	}
	if err := os.Rename("few.xyz", "mine.xyz"); err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Load("mine.xyz")
	if err != nil {
		t.Fatal(err)
	}
	var molecules []*molecule.Molecule
	for i := range set.Molecules {
		molecules = append(molecules, &set.Molecules[i])
	}
	model := trained.Model{Config: config.Default()}
	if _, err := files.Write("mine.sdf", molecules, model.Judge(molecules)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("mine.xyz", "few.xyz"); err != nil {
		t.Fatal(err)
	}
	quick := strings.Fields("-set train.steps=2 -set train.warmup=0 -set train.cooldown=0 -set train.batch=4 -set train.shard=2 -set sample.number=2 -set sample.steps=2")
	for _, args := range help.Examples() {
		line := strings.Join(args, " ")
		if strings.Contains(line, "-data") && !strings.Contains(line, "-from") {
			args = append(args, "-set", "network.hidden=8", "-set", "network.edge=0")
		}
		if strings.Contains(line, "-data") || strings.Contains(line, "-config qm9-small") {
			args = append(args, quick...)
		}
		if strings.Contains(line, "-config qm9-small") {
			args = append(args, "-set", "data.source=few.xyz", "-set", "data.split=", "-set", "network.layers=1", "-set", "network.hidden=8", "-set", "network.edge=0")
		}
		start(t, args...)
	}
	for _, path := range []string{"qm9-small", "mine-2", "small", "tuned", "cool"} {
		if _, err := os.Stat(filepath.Join("runs", path, trained.Checkpoint)); err != nil {
			t.Error(err)
		}
	}
}

// A checkpoint says what it holds, one that is damaged what is wrong.
func TestInspect(t *testing.T) {
	dir := t.TempDir()
	config, out := runtest.Small(t, dir, 4), filepath.Join(dir, "run")
	start(t, "-config", config, "-out", out)
	text, asJSON := start(t, "-inspect", out), start(t, "-inspect", out, "-json")
	for _, want := range []string{"checksums right\n", "format equifm, version 2; step 4, ", "checkpoint_every = 4", "\nema.layers.0.", "\nadamw."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	var c checkpoint.Contents
	if err := json.Unmarshal([]byte(asJSON), &c); err != nil || c.Step != 4 || !c.Checksums || c.Metadata["vocabulary"] != "H C N O F Z" {
		t.Errorf("%s: error %v", asJSON, err)
	}
	runtest.Documented(t, asJSON)
	m, err := trained.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range m.Average {
		sum += float64(v) * float64(v)
	}
	for _, a := range c.Arrays {
		if strings.HasPrefix(a.Name, "ema.") {
			sum -= a.Norm * a.Norm
		}
	}
	if math.Abs(sum) > 1e-6 {
		t.Errorf("the norms of the average are off by %v", sum)
	}
	path := filepath.Join(out, trained.Checkpoint)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-9] ^= 1
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	refused(t, "damaged: the data's sha256", "-inspect", path)
}

// A run that is told to stop saves, and says how to go on.
func TestInterruptSaves(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b bytes.Buffer
	err := train(ctx, []string{"-config", runtest.Small(t, dir, 9), "-out", out}, &b, &b)
	if err == nil || !strings.Contains(err.Error(), "stopped after step 1 of 9; go on with: go run ./cmd/train -resume -out "+out) {
		t.Errorf("error %v", err)
	}
	start(t, "-resume", "-out", out)
	if got := runtest.Logged(t, out); fmt.Sprint(got) != "[1 2 4 6 8 9]" {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

// Without -config and -out it is the folder's configuration that goes on, not
// the preset's: the seed above all.
func TestResumeKeepsTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	start(t, "-config", runtest.Small(t, dir, 5), "-out", filepath.Join("runs", "tiny"), "-seed", "77")
	start(t, "-resume")
	c, _, err := config.Load(filepath.Join("runs", "tiny", "config.toml"))
	if err != nil || c.Seed != 77 || c.Network.Hidden != 8 {
		t.Errorf("resumed as %v, error %v", c, err)
	}
}

// What -print-config prints is TOML, flags among it, that gives the same again.
func TestPrintConfig(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	text := start(t, "-config", "qm9-small", "-set", "train.lr=1e-3", "-set", "sample.solver=euler", "-seed", "5", "-print-config")
	c, err := config.Parse(text, "printed")
	if err != nil || c.Train.LR != 1e-3 || c.Seed != 5 || c.Sample.Solver.String() != "euler" || c.Network.Layers != 12 || c.String() != text {
		t.Errorf("%v:\n%s", err, text)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
		t.Errorf("%v is left behind, error %v", names, err)
	}
}
