package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained/config"
)

func start(t *testing.T, args ...string) (screen string) {
	t.Helper()
	var b bytes.Buffer
	if err := train(context.Background(), args, &b); err != nil {
		t.Fatalf("train %v: %v", args, err)
	}
	return b.String()
}

func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	var b bytes.Buffer
	err := train(context.Background(), args, &b)
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
	refused(t, `-set or -seed: seed: expected 0 to`, "-seed", "9223372036854775808")
	refused(t, "-set lr: expected key=value, as -set train.lr=1e-3\n-set lr=2: lr: unknown key; the nearest known one is \"train.lr\"", "-set", "lr", "-set", "lr=2")
	refused(t, `-set or -seed: train.lr: expected a positive number, found -1`, "-set", "train.lr=-1")
	refused(t, `data: source = "missing.xyz": stat missing.xyz`, "-config", write("[data]\nsource = \"missing.xyz\"\n"))
	refused(t, `no molecules of split "tset"`, "-config", write("[data]\nsplit = \"tset\"\n"))
}

// A run that is told to stop saves, and says how to go on.
func TestInterruptSaves(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b bytes.Buffer
	err := train(ctx, []string{"-config", runtest.Small(t, dir, 9), "-out", out}, &b)
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
