package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/model"
	"equifm/datasets"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn"
)

// small is a run of seconds: a few molecules in a file, a network of no use.
func small(t *testing.T, dir string, steps int) (config string) {
	t.Helper()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.Create(filepath.Join(dir, "few.xyz"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	w := molecule.NewXYZWriter(data)
	for i := range 20 {
		if err := w.Write(&set.Molecules[i]); err != nil {
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf(`name = "small"
[data]
source = %q
split = ""
[network]
hidden = 8
layers = 1
[train]
steps = %d
batch = 6
shard = 2
decay = "constant"
log_every = 2
checkpoint_every = 4
[sample]
number = 5
steps = 4
`, data.Name(), steps)
	config = filepath.Join(dir, fmt.Sprintf("small-%d.toml", steps))
	if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return config
}

func start(t *testing.T, args ...string) (screen string) {
	t.Helper()
	var b bytes.Buffer
	if err := run(context.Background(), args, &b); err != nil {
		t.Fatalf("train %v: %v", args, err)
	}
	return b.String()
}

func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	var b bytes.Buffer
	err := run(context.Background(), args, &b)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("train %v: error %v, want %q in it", args, err, want)
	}
}

// read returns the checkpoint's numbers without its header, whose configuration
// names the run.
func numbers(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, model.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	header := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
	return b[8+header:]
}

func TestRunLeavesItsFiles(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	screen := start(t, "-config", small(t, dir, 5), "-out", out)
	for _, want := range []string{"step 5/5", "molecule_stability", "evaluations of the network"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q on the screen:\n%s", want, screen)
		}
	}
	var m metrics
	readJSON(t, filepath.Join(out, "metrics.json"), &m)
	if m.Molecules != 5 || m.NFE != 4 || m.Step != 5 {
		t.Errorf("metrics.json: %+v", m)
	}
	for _, name := range []string{"samples.sdf", "samples.xyz"} {
		if n := countMolecules(t, filepath.Join(out, name)); n != 5 {
			t.Errorf("%s holds %d molecules", name, n)
		}
	}
	if strings.Contains(screen, "held out") {
		t.Error("a set without a split has nothing to hold out")
	}
	if got := logged(t, out); fmt.Sprint(got) != "[2 4 5]" {
		t.Errorf("log.jsonl has steps %v", got)
	}
	if _, err := os.Stat(filepath.Join(out, "samples.svg")); err != nil {
		t.Error(err)
	}
	refused(t, "holds a run already", "-config", small(t, dir, 5), "-out", out)
	if _, novel := m.Counts["novelty"]; m.Reference == nil || !novel {
		t.Errorf("metrics.json: the sample was not compared with the training set: %+v", m)
	}
	samplesAreTheCheckpoints(t, out)
}

// samplesAreTheCheckpoints draws the sample again from the checkpoint's average.
func samplesAreTheCheckpoints(t *testing.T, out string) {
	t.Helper()
	m, err := model.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	molecules, _, err := m.Generate(m.Config.Sample.Number, m.Config.Seed, 1)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := files.WriteXYZ(&again, molecules); err != nil {
		t.Fatal(err)
	}
	if first, err := os.ReadFile(filepath.Join(out, "samples.xyz")); err != nil || !bytes.Equal(first, again.Bytes()) {
		t.Errorf("samples.xyz is not what the checkpoint gives (%v)", err)
	}
}

// The keys of [train], [path] and [eot] reach the trainer.
func TestConfigurationReachesTheTrainer(t *testing.T) {
	c, err := config.Parse("seed = 9\n[path]\nangle = 0.5\nx = \"vp-poly\"\n[eot]\nmode = \"rotation\"\nrestarts = 3\nunsquared = true\n"+
		"[train]\nweight_decay = 0.25\nema = 0.75\nbatch = 5\nshard = 2\n", "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := prepare(c, 3, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	path, err := flow.ParsePath("vp-poly", "vp-linear")
	if err != nil {
		t.Fatal(err)
	}
	want := flow.Settings{Path: path, Align: eot.Options{Mode: eot.Rotate, Restarts: 3, Unsquared: true}, Angle: 0.5, Batch: 5, Shard: 2, Seed: 9, Workers: 3}
	if tr := r.trainer; tr.Settings != want || tr.Optimizer.WeightDecay != 0.25 || tr.EMA.Decay != 0.75 {
		t.Errorf("%+v, weight decay %v, average %v; want %+v", tr.Settings, tr.Optimizer.WeightDecay, tr.EMA.Decay, want)
	}
}

// The learning rate rises for the warm-up, then stays or falls to nearly 0.
func TestLearningRate(t *testing.T) {
	r := &trainRun{config: config.Config{Train: config.Train{Steps: 100, LR: 2, Warmup: 4, Decay: "constant"}}}
	for step, want := range map[int]float64{0: 0.5, 1: 1, 3: 2, 4: 2, 99: 2} {
		if got := r.rate(step); got != want {
			t.Errorf("constant: step %d: %v, want %v", step, got, want)
		}
	}
	r.config.Train.Decay = "cosine"
	for step, want := range map[int]float64{0: 0.5, 25: 1 + math.Sqrt2/2, 50: 1, 75: 1 - math.Sqrt2/2, 100: 0} {
		if got := r.rate(step); math.Abs(got-want) > 1e-12 {
			t.Errorf("cosine: step %d: %v, want %v", step, got, want)
		}
	}
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func countMolecules(t *testing.T, path string) (n int) {
	t.Helper()
	f, err := molecule.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		if _, err := f.Read(); err != nil {
			return n
		}
		n++
	}
}

func logged(t *testing.T, dir string) (steps []int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("log.jsonl: %q: %v", line, err)
		}
		steps = append(steps, e.Step)
	}
	return steps
}

// Interrupted and resumed, with other numbers of workers, a run ends in the
// same bits as one that went straight through, and logs every step once.
func TestResumeEndsInTheSameBits(t *testing.T) {
	dir := t.TempDir()
	straight, broken := filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
	start(t, "-config", small(t, dir, 9), "-out", straight, "-workers", "1")
	start(t, "-config", small(t, dir, 4), "-out", broken, "-workers", "3")
	garbage, err := os.OpenFile(filepath.Join(broken, "log.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(garbage, `{"step":6,"loss":1}`+"\n"+`{"step":8,"lo`) // a crash after the checkpoint
	garbage.Close()
	start(t, "-config", small(t, dir, 9), "-out", broken, "-resume", "-workers", "2")
	if text := start(t, "-config", small(t, dir, 10), "-out", copied(t, broken), "-resume", "-seed", "8"); !strings.Contains(text, "note: not as before: seed: 1 → 8") {
		t.Errorf("another seed is not told:\n%s", text)
	}
	if !bytes.Equal(numbers(t, straight), numbers(t, broken)) {
		t.Error("the checkpoints differ")
	}
	if got := logged(t, broken); fmt.Sprint(got) != "[2 4 6 8 9]" {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

// copied returns a copy of a run's folder.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// A run that is told to stop saves, and says how to go on.
func TestInterruptSaves(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b bytes.Buffer
	err := run(ctx, []string{"-config", small(t, dir, 9), "-out", out}, &b)
	if err == nil || !strings.Contains(err.Error(), "stopped after step 1 of 9; go on with: go run ./cmd/train -resume -out "+out) {
		t.Errorf("error %v", err)
	}
	start(t, "-resume", "-out", out)
	if got := logged(t, out); fmt.Sprint(got) != "[1 2 4 6 8 9]" {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

// Without -config and -out it is the folder's configuration that goes on, not
// the preset's: the seed above all.
func TestResumeKeepsTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	start(t, "-config", small(t, dir, 5), "-out", filepath.Join("runs", "tiny"), "-seed", "77")
	start(t, "-resume")
	c, err := config.Load(filepath.Join("runs", "tiny", "config.toml"))
	if err != nil || c.Seed != 77 || c.Network.Hidden != 8 {
		t.Errorf("resumed as %v, error %v", c, err)
	}
}

// A run that has begun and saved nothing yet keeps its folder to itself.
func TestDefaultFolderIsNotShared(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.MkdirAll(filepath.Join("runs", "small"), 0o777); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join("runs", "small", "log.jsonl")
	if err := os.WriteFile(log, []byte(`{"step":2}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if screen := start(t, "-config", small(t, dir, 3)); !strings.Contains(screen, filepath.Join("runs", "small-2")) {
		t.Errorf("screen:\n%s", screen)
	}
	if b, err := os.ReadFile(log); err != nil || string(b) != `{"step":2}`+"\n" {
		t.Errorf("the other run's log became %q, error %v", b, err)
	}
}

func TestInterruptAfterTrainingKills(t *testing.T) {
	if os.Getenv("EQUIFM_INTERRUPT") != "" { // the child
		r := &trainRun{}
		r.config.Train.Steps = 0
		r.trainer = &flow.Trainer[float32]{Optimizer: &nn.AdamW[float32]{}, EMA: &nn.EMA[float32]{}}
		r.model = &model.Model{}
		if err := r.trainInterruptibly(context.Background()); err != nil {
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
	screen := start(t, "-config", small(t, dir, 5), "-out", out, "-dry-run")
	if !strings.Contains(screen, "coords_range = 15.0") || !strings.Contains(screen, "nothing was written") {
		t.Errorf("screen:\n%s", screen)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("the folder was made")
	}
}

func TestMistakesAreNamed(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) string {
		path := filepath.Join(dir, "bad.toml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	refused(t, `line 2: unknown key "train.stps"; the nearest known one is "train.steps"`, "-config", write("[train]\nstps = 5\n"))
	refused(t, `network: hidden = 0`, "-config", write("[network]\nhidden = 0\n"))
	refused(t, `unknown schedule "bent"`, "-config", write("[path]\nx = \"bent\"\n"))
	refused(t, `does not fit a learned schedule`, "-config", write("[path]\nh = \"learned\"\n"))
	refused(t, `bad.toml`, "-config", write("[train\n"))
	refused(t, `no preset and no file is named "tini"; presets: tiny, qm9-small, qm9`, "-config", "tini")
	refused(t, `no checkpoint.safetensors to resume from`, "-resume", "-out", filepath.Join(dir, "none"))
	refused(t, `unexpected argument "qm9"`, "qm9")
	refused(t, `-workers 0`, "-workers", "0")
	refused(t, `-seed = 9223372036854775808, expected 0 to`, "-seed", "9223372036854775808")
	refused(t, `data: source = "missing.xyz": stat missing.xyz`, "-config", write("[data]\nsource = \"missing.xyz\"\n"))
	refused(t, `no molecules of split "tset"`, "-config", write("[data]\nsplit = \"tset\"\n"))
}
