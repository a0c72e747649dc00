package run

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/report"
	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule/formats"
	"equifm/nn"
)

// start is a run from its place to its sample.
func start(t *testing.T, q Request, workers int) (screen string) {
	t.Helper()
	var b bytes.Buffer
	if err := attempt(t, q, workers, &b); err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return b.String()
}

func attempt(t *testing.T, q Request, workers int, w io.Writer) error {
	t.Helper()
	return with(t, q, workers, w, func(r *Run) error {
		if err := r.Train(context.Background()); err != nil {
			return err
		}
		return r.Finish(context.Background())
	})
}

// with calls f with a run that is ready to train.
func with(t *testing.T, q Request, workers int, w io.Writer, f func(r *Run) error) error {
	t.Helper()
	c, dir, err := q.Place(w)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Release()
	r, err := Prepare(c, workers, w)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Open(folder, q); err != nil {
		return err
	}
	defer r.Close()
	return f(r)
}

func TestRunLeavesItsFiles(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	screen := start(t, Request{Config: runtest.Small(t, dir, 5), Out: out}, 2)
	for _, want := range []string{"step 5/5", "molecule_stability", "evaluations of the network"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q on the screen:\n%s", want, screen)
		}
	}
	var m struct {
		report.Sampling
		Molecules int
		Counts    map[string]any
		Reference any
	}
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
	if got := runtest.Logged(t, out); fmt.Sprint(got) != "[2 4 5]" {
		t.Errorf("log.jsonl has steps %v", got)
	}
	if _, err := os.Stat(filepath.Join(out, "samples.svg")); err != nil {
		t.Error(err)
	}
	if _, _, err := (Request{Config: runtest.Small(t, dir, 5), Out: out}).Place(io.Discard); err == nil || !strings.Contains(err.Error(), "holds a run already") {
		t.Errorf("the folder of another run: error %v", err)
	}
	if _, novel := m.Counts["novelty"]; m.Reference == nil || !novel {
		t.Errorf("metrics.json: the sample was not compared with the training set: %+v", m)
	}
	samplesAreTheCheckpoints(t, out)
}

// samplesAreTheCheckpoints draws the sample again from the checkpoint's average.
func samplesAreTheCheckpoints(t *testing.T, out string) {
	t.Helper()
	m, err := trained.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	how := trained.Options{Sample: m.Config.Sample, Seed: m.Config.Seed, Workers: 1}
	molecules, stats, err := m.Sample(t.Context(), how)
	if err != nil {
		t.Fatal(err)
	}
	for i, j := range m.Judge(molecules) {
		files.Origin(molecules[i], &j, m, how, i, stats.NFE)
	}
	var again bytes.Buffer
	if err := files.WriteXYZ(&again, molecules); err != nil {
		t.Fatal(err)
	}
	if first, err := os.ReadFile(filepath.Join(out, "samples.xyz")); err != nil || !bytes.Equal(first, again.Bytes()) {
		t.Errorf("samples.xyz is not what the checkpoint gives (%v)", err)
	}
}

// The keys of [train], [path], [output], [loss] and [eot] reach the trainer.
func TestConfigurationReachesTheTrainer(t *testing.T) {
	c, err := config.Parse(`seed = 9
[network]
hidden = 16
edge = 8
layers = 2
[path]
x = "vp-poly"
[output]
x = "residual"
h = "types"
[loss]
angle = 0.5
features = 7
pair = 0.25
pair_cutoff = 1.5
pair_until = 0.75
[eot]
mode = "rotation"
restarts = 3
unsquared = true
[train]
optimizer = "muon"
muon_poles = 2
weight_decay = 0.25
ema = 0.75
ema_warmup = true
time = "logit-normal"
time_mean = -0.5
time_std = 2
time_power = 3
batch = 5
shard = 2
rotate = true
`, "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Prepare(c, 3, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	path, err := flow.ParsePath("vp-poly", "vp-linear")
	if err != nil {
		t.Fatal(err)
	}
	m := r.Model.Moments
	if !(m.Data > 1 && m.Noise > 0.5 && m.Both > 0.1) {
		t.Errorf("moments %+v of QM9 under rotation", m)
	}
	want := flow.Settings{Path: path, Align: eot.Options{Mode: eot.Rotate, Restarts: 3, Unsquared: true, MaxRounds: 100},
		Output:  flow.Output{X: flow.CoordinateResidual, H: flow.FeatureTypes, Moments: m, Types: 5, Scale: 0.25},
		Weights: flow.Weights{Angle: 0.5, Features: 7, Pair: 0.25, PairCutoff: 1.5, PairUntil: 0.75},
		Times:   flow.TimeLaw{Kind: flow.LogitNormal, Mean: -0.5, Std: 2, Power: 3},
		Rotate:  true, Batch: 5, Shard: 2, EMA: 0.75, Warm: true, Seed: 9, Workers: 3}
	tr := r.Trainer
	if tr.Settings != want || tr.Average.Decay != 0.75 || !tr.Average.Warm {
		t.Errorf("%+v, average %+v; want %+v", tr.Settings, tr.Average, want)
	}
	if o, ok := tr.Optimizer.(*nn.Muon[float32]); !ok || o.Rest.WeightDecay != 0.25 || o.Poles != 2 {
		t.Errorf("optimiser %T, expected Muon by two poles with a weight decay of 0.25", tr.Optimizer)
	}
}

// The learning rate rises for the warm-up, then stays or falls to nearly 0.
func TestLearningRate(t *testing.T) {
	r := &Run{Config: config.Config{Train: config.Train{Steps: 100, LR: 2, Warmup: 4, Decay: "constant"}}}
	for step, want := range map[int]float64{0: 0.5, 1: 1, 3: 2, 4: 2, 99: 2} {
		if got := r.rate().At(step); got != want {
			t.Errorf("constant: step %d: %v, want %v", step, got, want)
		}
	}
	r.Config.Train.Decay = "cosine"
	for step, want := range map[int]float64{0: 0.5, 25: 1 + math.Sqrt2/2, 50: 1, 75: 1 - math.Sqrt2/2, 100: 0} {
		if got := r.rate().At(step); math.Abs(got-want) > 1e-12 {
			t.Errorf("cosine: step %d: %v, want %v", step, got, want)
		}
	}
	r.Config.Train.Decay, r.Config.Train.Cooldown = "constant", 16
	for step, want := range map[int]float64{83: 2, 84: 2, 88: 2 * (1 - math.Sqrt(4.0/16)), 93: 2 * (1 - math.Sqrt(9.0/16)), 99: 2 * (1 - math.Sqrt(15.0/16))} {
		if got := r.rate().At(step); math.Abs(got-want) > 1e-12 {
			t.Errorf("cool-down: step %d: %v, want %v", step, got, want)
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
	f, err := formats.Open(path)
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

// Interrupted and resumed, with other numbers of workers, a run ends in the
// same bits as one that went straight through, and logs every step once.
func TestResumeEndsInTheSameBits(t *testing.T) {
	dir := t.TempDir()
	straight, broken := filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: broken}, 3)
	garbage, err := os.OpenFile(filepath.Join(broken, "log.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(garbage, `{"step":6,"loss":1}`+"\n"+`{"step":8,"lo`) // a crash after the checkpoint
	garbage.Close()
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: broken, Resume: true}, 2)
	if text := start(t, Request{Config: runtest.Small(t, dir, 10), Out: runtest.Copy(t, broken), Resume: true, AllowChanges: true, Seed: 8, Seeded: true}, 2); !strings.Contains(text, "note: not as before: seed: 1 → 8") {
		t.Errorf("another seed is not told:\n%s", text)
	}
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
		t.Error("the checkpoints differ")
	}
	if got := runtest.Logged(t, broken); fmt.Sprint(got) != "[2 4 6 8 9]" {
		t.Errorf("log.jsonl has steps %v", got)
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
	if screen := start(t, Request{Config: runtest.Small(t, dir, 3)}, 2); !strings.Contains(screen, filepath.Join("runs", "small-2")) {
		t.Errorf("screen:\n%s", screen)
	}
	if b, err := os.ReadFile(log); err != nil || string(b) != `{"step":2}`+"\n" {
		t.Errorf("the other run's log became %q, error %v", b, err)
	}
}
