//go:build mpi

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

// mpirun is train as so many processes, one thread each, that share two cores or more. What
// hangs is killed after some minutes.
func mpirun(t testing.TB, n int, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	flags := []string{"-np", fmt.Sprint(n), "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", os.Args[0], "-workers", "1"}
	c := exec.CommandContext(ctx, "mpirun", append(flags, args...)...)
	c.WaitDelay = time.Second
	c.Env = append(os.Environ(), "EQUIFM_TRAIN=1", "PMIX_MCA_gds=hash", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
	return c
}

// six is a run of so many steps of six shards each, with a checkpoint after every n.
func six(t *testing.T, dir string, steps int, n string) (config string) {
	t.Helper()
	config = every(t, dir, steps, n)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, bytes.Replace(text, []byte("shard = 2"), []byte("shard = 1"), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	return config
}

// alone is a run without ranks.
func alone(t *testing.T, config, out string) {
	t.Helper()
	if err := train(context.Background(), append(again(config, out), "-workers", "1"), io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
}

// Four ranks learn what one process does, to the bit, and two go on from there to the bits
// of one that never stopped. Only rank 0 prints.
func TestMPISameBits(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "shared")
	for _, c := range []struct{ ranks, steps int }{{4, 10}, {2, 20}} {
		config, straight := six(t, dir, c.steps, "7"), filepath.Join(dir, fmt.Sprint("alone", c.steps))
		alone(t, config, straight)
		text, err := mpirun(t, c.ranks, again(config, out)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%d ranks: %v\n%s", c.ranks, err, text)
		}
		if !bytes.Equal(runtest.Numbers(t, out), runtest.Numbers(t, straight)) {
			t.Errorf("%d ranks: another checkpoint than of one process", c.ranks)
		}
		if a, b := contents(t, out, "samples.sdf"), contents(t, straight, "samples.sdf"); a != b {
			t.Errorf("%d ranks: another sample than of one process", c.ranks)
		}
		if n := strings.Count(string(text), fmt.Sprintf("step %d/%d ", c.steps, c.steps)); n != 1 {
			t.Errorf("%d ranks: the last step is printed %d times:\n%s", c.ranks, n, text)
		}
	}
}

func contents(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Whichever rank is killed, at twenty random moments, the job ends, says so, and fails;
// what it saved is whole, and goes on to the bits of a run that nobody disturbed.
func TestMPIKilledAnywhere(t *testing.T) {
	dir := t.TempDir()
	config, broken := six(t, dir, 100_000, "2"), filepath.Join(dir, "broken")
	rng := rand.New(rand.NewPCG(20, 9))
	step, longest, untilSaved := 0, time.Duration(0), time.Duration(0)
	for k := range 21 { // the first is killed when it has saved, the others up to twice as late
		n := 2 + k%3
		c := mpirun(t, n, again(config, broken)...)
		var said bytes.Buffer
		c.Stdout, c.Stderr = &said, &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		pids := children(t, c.Process.Pid, n)
		if k == 0 {
			untilSaved = saved(t, broken)
		} else {
			time.Sleep(time.Duration(rng.Int64N(int64(2 * untilSaved))))
		}
		if err := syscall.Kill(pids[rng.IntN(n)], syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		killed := time.Now()
		err := c.Wait()
		longest = max(longest, time.Since(killed))
		if text := said.String(); err == nil || !saysKilled(text) || strings.Contains(text, "train:") {
			t.Fatalf("kill %d: %v\n%s", k, err, text)
		}
		if m, err := trained.Open(broken); err == nil {
			if m.Step < step {
				t.Errorf("kill %d: back from step %d to %d", k, step, m.Step)
			}
			step = m.Step
		} else if step > 0 {
			t.Fatalf("kill %d: %v", k, err)
		}
	}
	t.Logf("21 kills, %d steps, a checkpoint after %v, the last process gone after %v at most", step, untilSaved, longest)
	if longest > 10*time.Second {
		t.Errorf("the job took %v to end, expected 10 s at most", longest)
	}
	config, straight := six(t, dir, step+4, "1000"), filepath.Join(dir, "straight")
	alone(t, config, straight)
	if text, err := mpirun(t, 2, again(config, broken)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
		t.Error("the checkpoints differ")
	}
	if got := runtest.Logged(t, broken); !slices.IsSorted(got) || len(slices.Compact(got)) != len(runtest.Logged(t, broken)) {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

// saved returns how long it takes until a run has a checkpoint.
func saved(t *testing.T, dir string) time.Duration {
	t.Helper()
	for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(time.Millisecond) {
		if _, err := trained.Open(dir); err == nil {
			return time.Since(start)
		}
	}
	t.Fatal("no checkpoint in a minute")
	return 0
}

// saysKilled says whether mpirun tells of a rank that is gone: by what signal, or, before
// that rank had joined the job, that it ended.
func saysKilled(text string) bool {
	return strings.Contains(text, "signal 9 (Killed)") || strings.Contains(text, "a non-zero exit code")
}

// children waits until a process has so many, and returns them.
func children(t *testing.T, pid, n int) (pids []int) {
	t.Helper()
	for range 30_000 {
		lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
		if err != nil || len(lists) == 0 {
			t.Skip("this system does not list the children of a process")
		}
		pids = pids[:0]
		for _, list := range lists {
			text, _ := os.ReadFile(list) // a thread may have ended
			for _, word := range strings.Fields(string(text)) {
				if child, err := strconv.Atoi(word); err == nil && running(child) {
					pids = append(pids, child)
				}
			}
		}
		if len(pids) == n {
			return pids
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("mpirun has started %d ranks, expected %d", len(pids), n)
	return nil
}

// running says whether a process is this program, and not on its way to be.
func running(pid int) bool {
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	own, _ := os.Executable()
	return err == nil && path == own
}

// What mpirun and Slurm pass on to all ranks lets the first save and end the job, and it
// says how to go on.
func TestMPITold(t *testing.T) {
	dir := t.TempDir()
	config, out := six(t, dir, 100_000, "100000"), filepath.Join(dir, "run")
	c := mpirun(t, 3, again(config, out)...)
	rest, _ := listening(t, "step", c)
	if err := c.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	text := rest()
	if err := c.Wait(); err == nil || strings.Count(text, "go on with: go run ./cmd/train -resume -out "+out) != 1 {
		t.Errorf("%v, error %q", err, text)
	}
	m, err := trained.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	config, straight := six(t, dir, m.Step, "1000"), filepath.Join(dir, "straight")
	alone(t, config, straight)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
}

// A mistake that all ranks make is said once, and one that a rank makes alone, by that.
func TestMPIMistakes(t *testing.T) {
	text, err := mpirun(t, 3, "-config", "tini").CombinedOutput()
	if err == nil || strings.Count(string(text), "no preset and no file is named") != 1 {
		t.Errorf("%v\n%s", err, text)
	}
	text, err = mpirun(t, 7, "-config", six(t, t.TempDir(), 5, "4"), "-dry-run").CombinedOutput()
	if err == nil || strings.Count(string(text), "7 ranks for the 6 shards") != 1 {
		t.Errorf("%v\n%s", err, text)
	}
}
