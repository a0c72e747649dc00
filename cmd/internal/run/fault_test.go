package run

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
	"equifm/nn"
)

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// contains fails the test unless err is one that has all these words.
func contains(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want %q in it", err, w)
		}
	}
}

// A NaN anywhere in the training's state stops the run, which names the step and
// what there is to go back to. The checkpoint stays, and the log.
func TestFaultNaNStopsTheRun(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	path := filepath.Join(out, trained.Checkpoint)
	var good []byte
	err := with(t, Request{Config: runtest.Small(t, dir, 4), Out: out}, 1, io.Discard, func(r *Run) error {
		r.Trainer.Average.Data[0] = float32(math.NaN())
		contains(t, r.Train(context.Background()), "step 4 is not saved", "not finite", "ema.", "no checkpoint was saved yet")
		r.Trainer.Average.Data[0] = 0
		if err := r.save(); err != nil {
			return err
		}
		good = read(t, path)
		r.Config.Train.Steps = 9
		r.Trainer.Optimizer.(*nn.AdamW[float32]).V[0] = float32(math.Inf(1))
		return r.Train(context.Background())
	})
	contains(t, err, "step 8 is not saved", "adamw.v.", path+" is as of step 4")
	if !bytes.Equal(read(t, path), good) {
		t.Error("the checkpoint has changed")
	}
	if got := runtest.Logged(t, out); !slices.Equal(got, []int{2, 4, 6, 8}) {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

// A loss that rises to many times what it was is not saved either.
func TestFaultRisingLossIsRefused(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	path := filepath.Join(out, trained.Checkpoint)
	err := with(t, Request{Config: runtest.Small(t, dir, 400), Out: out}, 1, io.Discard, func(r *Run) error {
		if err := r.Train(context.Background()); err != nil {
			return err
		}
		if len(r.Losses) != 4 {
			t.Errorf("400 steps have the means %v", r.Losses)
		}
		r.Config.Train.Steps, r.Trainer.Weights.Angle = 600, 1e4
		return r.Train(context.Background())
	})
	contains(t, err, "step 500 is not saved", "the mean loss of the last 100 steps", path+" is as of step 496")
	f, _, err := trained.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Metadata["step"] != "496" || strings.Count(f.Metadata["losses"], ",") != 3 {
		t.Errorf("the checkpoint has step %s, losses %s", f.Metadata["step"], f.Metadata["losses"])
	}
}

// Whichever write to the screen fails, the step is saved, and the run goes on
// from there to the bits of one that nobody left.
func TestFaultClosedScreen(t *testing.T) {
	dir := t.TempDir()
	straight := filepath.Join(dir, "straight")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	for n := range 8 { // two lines before training, five of it, and the first of the sample
		out := filepath.Join(t.TempDir(), "run")
		err := attempt(t, Request{Config: runtest.Small(t, dir, 9), Out: out}, 1, &closing{left: n})
		contains(t, err, "the screen is gone")
		if stopped := new(Stopped); errors.As(err, &stopped) {
			if got := runtest.Logged(t, out); got[len(got)-1] != stopped.Step {
				t.Errorf("stopped after step %d, but the log has %v", stopped.Step, got)
			}
			start(t, Request{Out: out, Config: runtest.Small(t, dir, 9), Resume: true}, 1)
		} else if n < 7 {
			t.Errorf("write %d: error %v", n, err)
		}
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
			t.Errorf("write %d: the checkpoints differ", n)
		}
	}
}

// closing is a pipe whose other end goes away after so many writes.
type closing struct{ left int }

func (c *closing) Write(p []byte) (int, error) {
	if c.left--; c.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// A checkpoint that cannot be written ends the run, with the last one as it was.
func TestFaultNoRoomForTheCheckpoint(t *testing.T) {
	dir := t.TempDir()
	straight, out := filepath.Join(dir, "straight"), filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: out}, 1)
	good := read(t, out, trained.Checkpoint)
	obstacle := filepath.Join(out, trained.Checkpoint+".tmp", "full")
	if err := os.MkdirAll(obstacle, 0o777); err != nil {
		t.Fatal(err)
	}
	resumed := Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}
	contains(t, attempt(t, resumed, 1, io.Discard), "step 8 is not saved", trained.Checkpoint+" is as of step 4")
	if !bytes.Equal(read(t, out, trained.Checkpoint), good) {
		t.Error("the checkpoint has changed")
	}
	if err := os.RemoveAll(filepath.Dir(obstacle)); err != nil {
		t.Fatal(err)
	}
	start(t, resumed, 1)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
}

// From a damaged checkpoint a run goes back to the one before, says so, and ends
// in the same bits. From two it does not go on.
func TestFaultDamagedCheckpointGoesBack(t *testing.T) {
	dir := t.TempDir()
	straight, out := filepath.Join(dir, "straight"), filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	start(t, Request{Config: runtest.Small(t, dir, 8), Out: out}, 1)
	path := filepath.Join(out, trained.Checkpoint)
	flip := func() {
		b := read(t, path)
		b[len(b)/2] ^= 4
		if err := errors.Join(os.Remove(path), os.WriteFile(path, b, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	flip()
	both := runtest.Copy(t, out)
	screen := start(t, Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}, 1)
	for _, want := range []string{"WARNING: " + path, "sha256", "checkpoint.previous.safetensors", "resuming after step 4"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q on the screen:\n%s", want, screen)
		}
	}
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
	if got := runtest.Logged(t, out); !slices.Equal(got, []int{2, 4, 6, 8, 9}) {
		t.Errorf("log.jsonl has steps %v", got)
	}
	previous := filepath.Join(both, "checkpoint.previous.safetensors")
	if err := os.Truncate(previous, 1000); err != nil {
		t.Fatal(err)
	}
	contains(t, attempt(t, Request{Config: runtest.Small(t, dir, 9), Out: both, Resume: true}, 1, io.Discard), filepath.Join(both, trained.Checkpoint)+": damaged", previous)
	_, _, err := Request{Out: both, Resume: true}.Place(io.Discard)
	contains(t, err, filepath.Join(both, trained.Checkpoint)+": damaged", previous+": ")
}

// A line that a disk has spoilt takes none of its neighbours with it.
func TestFaultDamagedLogLine(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 8), Out: out}, 1)
	log := filepath.Join(out, "log.jsonl")
	lines := strings.SplitAfter(string(read(t, log)), "\n")
	spoilt := strings.Replace(lines[1], `"step":4`, `"ste`+"\x00", 1)
	text := lines[0] + spoilt + lines[2] + strings.TrimSuffix(lines[3], "\n") // whole but for its end
	if err := os.WriteFile(log, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	screen := start(t, Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}, 1)
	if got := runtest.Logged(t, out); !slices.Equal(got, []int{2, 6, 8, 9}) {
		t.Errorf("log.jsonl has steps %v", got)
	}
	if got := read(t, out, "log.damaged"); string(got) != spoilt || !strings.Contains(screen, "now in log.damaged") {
		t.Errorf("log.damaged has %q, want %q; the screen:\n%s", got, spoilt, screen)
	}
}

// What a crash leaves half-written beside the files is no obstacle.
func TestFaultLeftoversAreHarmless(t *testing.T) {
	dir := t.TempDir()
	straight, out := filepath.Join(dir, "straight"), filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: out}, 1)
	for _, name := range []string{trained.Checkpoint, "checkpoint.previous.safetensors", "config.toml", "log.jsonl", "metrics.json"} {
		if err := os.WriteFile(filepath.Join(out, name+".tmp"), []byte("half a fi"), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}, 2)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
}

// A folder is taken once, and free again when it is released.
func TestFaultSecondClaimIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	first, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Claim(dir)
	contains(t, err, dir, "another run is writing to it")
	first.Release()
	second, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	second.Release()
}
