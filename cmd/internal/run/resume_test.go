package run

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/run/runtest"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule/formats"
)

// changed returns a configuration's file, a line of it for another.
func changed(t *testing.T, path string, lines ...string) string {
	t.Helper()
	text := string(read(t, path))
	text = strings.NewReplacer(lines...).Replace(text)
	to := strings.TrimSuffix(path, ".toml") + "-changed.toml"
	if err := os.WriteFile(to, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return to
}

// schedules are all the ways in which a rate, an average or a path goes by the steps.
var schedules = map[string]string{
	"constant":         "decay = \"constant\"\nwarmup = 2",
	"cosine":           "decay = \"cosine\"\nwarmup = 2",
	"cooldown":         "decay = \"constant\"\ncooldown = 5",
	"cosine, cooldown": "decay = \"cosine\"\ncooldown = 3\nema_warmup = true",
	"muon, rotate":     "decay = \"cosine\"\noptimizer = \"muon\"\nrotate = true\ngroups = 2",
	"learned path":     "schedule_every = 2\n[eot]\nmode = \"none\"\n[path]\nh = \"learned\"",
}

// Stopped after every single step and resumed, a run ends in the bits of one that is
// left alone, under every schedule.
func TestFaultResumedAtEveryStep(t *testing.T) {
	for name, keys := range schedules {
		dir := t.TempDir()
		config := changed(t, runtest.Small(t, dir, 7), "warmup = 200\nema = 0.995\nlog_every = 2\ncheckpoint_every = 4\n", keys+"\n")
		straight, broken := filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
		train := func(ctx context.Context, q Request, workers int) (err error) {
			with(t, q, workers, io.Discard, func(r *Run) error { err = r.Train(ctx); return nil })
			return err
		}
		if err := train(t.Context(), Request{Config: config, Out: straight}, 2); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		stopped, stop := context.WithCancel(t.Context())
		stop()
		for step := range 7 {
			q := Request{Config: config, Out: broken, Resume: step > 0}
			if step%2 == 1 { // or as the checkpoint has it
				q.Config = ""
			}
			if err := train(stopped, q, 1+step%3); step < 6 && (err == nil || !strings.Contains(err.Error(), "stopped after step")) {
				t.Fatalf("%s, step %d: error %v", name, step+1, err)
			}
		}
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
			t.Errorf("%s: the checkpoints differ", name)
		}
	}
}

// What would have made the steps so far others is listed and refused, unless asked for.
func TestFaultResumedWithChanges(t *testing.T) {
	dir := t.TempDir()
	cosine := changed(t, runtest.Small(t, dir, 6), "warmup = 200", "decay = \"cosine\"")
	out := filepath.Join(dir, "run")
	start(t, Request{Config: cosine, Out: out}, 1)
	longer := changed(t, cosine, "steps = 6", "steps = 12")
	other := changed(t, longer, "lr = 4e-3", "lr = 5e-3", "name = \"small\"", "name = \"other\"", "number = 5", "number = 6")
	for _, c := range []struct {
		config string
		want   []string
	}{
		{longer, []string{"train.steps: 6 → 12: the learning rate falls", "that of step 2 was 0.00373 and would have been 0.00393", "-allow-changes"}},
		{other, []string{"train.lr: 0.004 → 0.005", "train.steps: 6 → 12"}},
	} {
		before := read(t, out, trained.Checkpoint)
		err := attempt(t, Request{Config: c.config, Out: out, Resume: true}, 1, io.Discard)
		contains(t, err, c.want...)
		if strings.Contains(fmt.Sprint(err), "name") || strings.Contains(fmt.Sprint(err), "number") {
			t.Errorf("what harms nothing is listed: %v", err)
		}
		if !bytes.Equal(read(t, out, trained.Checkpoint), before) {
			t.Error("the checkpoint has changed")
		}
	}
	screen := start(t, Request{Config: longer, Out: out, Resume: true, AllowChanges: true}, 1)
	if !strings.Contains(screen, "note: not as before: train.steps: 6 → 12") || !strings.Contains(screen, "step 12/12") {
		t.Errorf("screen:\n%s", screen)
	}
}

// A learned schedule that would have stayed earlier, or later, is another one.
func TestFaultResumedWithAnotherLearning(t *testing.T) {
	r := &Run{State: checkpoint.State{Model: &trained.Model{Step: 4}}}
	was := config.Default()
	was.Path.H, was.Train.Steps, was.Train.ScheduleUntil = "learned", 6, 0.5
	for steps, want := range map[int]int{6: 0, 7: 0, 12: 1} {
		r.Config = was
		r.Config.Train.Steps = steps
		if got := r.changes(checkpoint.Was{Config: was}, false); len(got) != want {
			t.Errorf("%d steps: %q", steps, got)
		}
	}
}

// A run that falls only in its cool-down may be longer, as long as it has not begun to.
func TestLonger(t *testing.T) {
	dir := t.TempDir()
	out, straight := filepath.Join(dir, "run"), filepath.Join(dir, "straight")
	six := changed(t, runtest.Small(t, dir, 6), "warmup = 200", "cooldown = 2")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for range 4 {
		if err := with(t, Request{Config: six, Out: out, Resume: hasCheckpoint(out)}, 1, io.Discard, func(r *Run) error { return r.Train(stopped) }); err == nil {
			t.Fatal("not stopped")
		}
	}
	nine := changed(t, six, "steps = 6", "steps = 9")
	start(t, Request{Config: nine, Out: out, Resume: true}, 1)
	start(t, Request{Config: nine, Out: straight}, 1)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
	twelve := changed(t, six, "steps = 6", "steps = 12")
	contains(t, attempt(t, Request{Config: twelve, Out: out, Resume: true}, 1, io.Discard), "train.steps: 9 → 12")
}

// Other molecules under the same name are noticed; the same ones elsewhere are the same.
func TestFaultResumedOnOtherMolecules(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: out}, 1)
	path := filepath.Join(dir, "few.xyz")
	moved := filepath.Join(dir, "moved.xyz")
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	five := runtest.Small(t, dir, 5)
	start(t, Request{Config: changed(t, five, path, moved), Out: runtest.Copy(t, out), Resume: true}, 1)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	w := formats.NewXYZWriter(f)
	for i := range 20 { // every two change places
		if err := w.Write(&set.Molecules[[]int{1, 0}[i%2]+i/2*2]); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, attempt(t, Request{Config: five, Out: out, Resume: true}, 1, io.Discard), "the molecules of data.source = \""+path+"\" are not those that were learned from")
}

// A configuration's file that was emptied, or is gone, resumes nothing but the run.
func TestFaultEmptiedConfiguration(t *testing.T) {
	dir := t.TempDir()
	straight, out := filepath.Join(dir, "straight"), filepath.Join(dir, "the run's")
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: straight}, 1)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	with(t, Request{Config: runtest.Small(t, dir, 9), Out: out}, 1, io.Discard, func(r *Run) error { return r.Train(stopped) })
	gone := runtest.Copy(t, out)
	path := filepath.Join(out, "config.toml")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	screen := start(t, Request{Out: out, Resume: true}, 1)
	if !strings.Contains(screen, "note: "+path+" is not what the checkpoint was trained with") || !strings.Contains(screen, `the run'\''s/config.toml' would take it`) {
		t.Errorf("screen:\n%s", screen)
	}
	if err := os.Remove(filepath.Join(gone, "config.toml")); err != nil {
		t.Fatal(err)
	}
	start(t, Request{Out: gone, Resume: true}, 1)
	for _, dir := range []string{out, gone} {
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, dir)) {
			t.Error("the checkpoints differ")
		}
	}
}

// Every number and the order of molecules is in the fingerprint.
func TestFingerprint(t *testing.T) {
	of := func(x, h, c []float32) flow.Example[float32] {
		return flow.Example[float32]{State: flow.State[float32]{X: x, H: h}, Context: c}
	}
	a, b := of([]float32{1, 2, 3}, []float32{4}, nil), of([]float32{1, 2, 3}, []float32{5}, nil)
	seen := map[string]bool{}
	for _, some := range [][]flow.Example[float32]{{}, {a}, {b}, {a, b}, {b, a}, {of([]float32{1, 2, 3}, []float32{4}, []float32{0})}, {of([]float32{1, 2, -3}, []float32{4}, nil)}} {
		seen[fingerprint(some)] = true
	}
	if len(seen) != 7 || !seen[fingerprint([]flow.Example[float32]{of([]float32{1, 2, 3}, []float32{4}, nil)})] {
		t.Errorf("%d fingerprints of 7 sets", len(seen))
	}
}
