package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"equifm/cmd/internal/run/runtest"
)

// programs are what the test binary is where a test starts it with that in its environment.
var programs = map[string]func(){"EQUIFM_TRAIN": main}

// TestMain makes the test binary one of the programs.
func TestMain(m *testing.M) {
	for name, program := range programs {
		if os.Getenv(name) != "" {
			program()
			return
		}
	}
	os.Exit(m.Run())
}

// program is train as a process of its own.
func program(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "EQUIFM_TRAIN=1")
	return c
}

// finish runs train to its end, from the checkpoint if there is one.
func finish(t *testing.T, config, out string) {
	t.Helper()
	if text, err := program(again(config, out)...).CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
}

func again(config, out string) []string {
	args := []string{"-workers", "1", "-config", config, "-out", out}
	if _, err := os.Stat(filepath.Join(out, "checkpoint.safetensors")); err == nil {
		args = append(args, "-resume")
	}
	return args
}

// listening starts train and returns when it has said a line with this word. The
// rest of how it goes is read when rest is called.
func listening(t *testing.T, word string, c *exec.Cmd) (rest func() string, pipe io.Closer) {
	t.Helper()
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("no %q before the end", word)
		}
		if strings.Contains(line, word) {
			break
		}
	}
	return func() string { b, _ := io.ReadAll(lines); return string(b) }, out
}

// kills are twenty, or as many as EQUIFM_KILLS says.
func kills(t *testing.T) int {
	text := os.Getenv("EQUIFM_KILLS")
	if text == "" {
		return 20
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Killed at random moments, and started again each time, a run ends in the bits of one
// that is left alone, and has logged each step once. When it is through, it starts anew.
func TestFaultKilledAnywhere(t *testing.T) {
	dir := t.TempDir()
	config, straight, broken := every(t, dir, 120, "1"), filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
	begin := time.Now()
	finish(t, config, straight)
	whole := time.Since(begin)
	rng := rand.New(rand.NewPCG(20, 9))
	ended := func() {
		finish(t, config, broken)
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
			t.Error("the checkpoints differ")
		}
		if got, want := runtest.Logged(t, broken), runtest.Logged(t, straight); !slices.Equal(got, want) {
			t.Errorf("log.jsonl has steps %v", got)
		}
	}
	for k := range kills(t) {
		if k > 0 && k%20 == 0 {
			ended()
			broken = filepath.Join(dir, fmt.Sprint("broken", k))
		}
		c := program(again(config, broken)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(whole) / 4)))
		c.Process.Kill()
		c.Wait()
	}
	ended()
}

// every is a run of so many steps with a checkpoint after every n.
func every(t *testing.T, dir string, steps int, n string) string {
	t.Helper()
	path := runtest.Small(t, dir, steps)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("checkpoint_every = 4"), []byte("checkpoint_every = "+n), 1)
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever tells a run to stop, it saves the step it is at, says so, and ends in
// the bits of one that is left alone.
func TestFaultSignalsSave(t *testing.T) {
	if runtime.GOOS == "windows" || signal.Ignored(os.Interrupt) || signal.Ignored(syscall.SIGHUP) {
		t.Skip("these signals cannot be sent here")
	}
	dir := t.TempDir()
	config, straight := every(t, dir, 150, "1000"), filepath.Join(dir, "straight")
	finish(t, config, straight)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		out := filepath.Join(dir, s.String())
		c := program(again(config, out)...)
		rest, _ := listening(t, "step", c)
		if err := c.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
		text := rest()
		if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != 128+int(s.(syscall.Signal)) || !strings.Contains(text, "go on with: go run ./cmd/train -resume -out "+out) {
			t.Errorf("%v: %v, error %q", s, err, text)
		}
		finish(t, config, out)
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
			t.Errorf("%v: the checkpoints differ", s)
		}
	}
}

// Under nohup a run goes on when its terminal hangs up.
func TestFaultHangUpUnderNohup(t *testing.T) {
	nohup, err := exec.LookPath("nohup")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	c := program()
	c.Path, c.Args = nohup, append([]string{"nohup", os.Args[0]}, again(every(t, dir, 150, "1000"), filepath.Join(dir, "run"))...)
	rest, _ := listening(t, "step", c)
	if err := c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if text := rest(); c.Wait() != nil || !strings.Contains(text, "step 150/150") {
		t.Errorf("the run did not go on:\n%s", text)
	}
}

// When the reader of its screen goes away, as tee does at an interrupt, a run
// saves, and says on the standard output what happened.
func TestFaultClosedPipe(t *testing.T) {
	dir := t.TempDir()
	config, straight, out := every(t, dir, 150, "1000"), filepath.Join(dir, "straight"), filepath.Join(dir, "run")
	finish(t, config, straight)
	c := program(append(again(config, out), "-json")...)
	var stdout bytes.Buffer
	c.Stdout = &stdout
	_, pipe := listening(t, "step", c)
	pipe.Close()
	if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != 1 || !strings.Contains(stdout.String(), "which is saved: the screen is gone") {
		t.Errorf("%v, said %q", err, stdout.String())
	}
	finish(t, config, out)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, out)) {
		t.Error("the checkpoints differ")
	}
}

// While a run goes on, a second one in its folder is refused before it reads its
// data. When the first is killed, the next may go on.
func TestFaultSecondRunIsRefused(t *testing.T) {
	dir := t.TempDir()
	config, out := every(t, dir, 100_000, "50"), filepath.Join(dir, "run")
	c := program(again(config, out)...)
	listening(t, "step", c)
	none := filepath.Join(dir, "none.toml")
	if err := os.WriteFile(none, []byte("[data]\nsource = \"missing.xyz\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	second := []string{"-out", out, "-config", none}
	if _, err := os.Stat(filepath.Join(out, "checkpoint.safetensors")); err == nil {
		second = append(second, "-resume")
	}
	refused(t, out+": another run is writing to it", second...)
	refused(t, "missing.xyz", append(second, "-dry-run")...) // takes no lock
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	third := program(again(config, out)...)
	listening(t, "step", third)
	third.Process.Kill()
	third.Wait()
}

// A folder that cannot be written to is found before the data is read.
func TestFaultUnwritableFolderIsFoundFirst(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "none.toml")
	if err := os.WriteFile(config, []byte("[data]\nsource = \"missing.xyz\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	refused(t, "run folder: mkdir", "-config", config, "-out", filepath.Join(config, "run"))
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Create(filepath.Join(closed, "x")); err == nil {
		f.Close()
		t.Skip("nothing is closed to this user")
	}
	refused(t, "run folder: open "+closed, "-config", config, "-out", closed)
	refused(t, "run folder: mkdir", "-config", config, "-out", filepath.Join(closed, "run"))
}
