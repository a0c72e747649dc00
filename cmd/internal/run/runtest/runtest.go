// Package runtest has what tests of runs share.
package runtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/molecule/formats"
)

// Small writes the configuration of a run of so many steps and returns its path:
// a few molecules in a file, a network of no use.
func Small(t *testing.T, dir string, steps int) (config string) {
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
	w := formats.NewXYZWriter(data)
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
lr = 4e-3
warmup = 200
ema = 0.995
log_every = 2
checkpoint_every = 4
[sample]
number = 5
solver = "euler"
steps = 4
`, data.Name(), steps)
	config = filepath.Join(dir, fmt.Sprintf("small-%d.toml", steps))
	if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return config
}

// Logged returns the steps of the lines of a run's log.
func Logged(t *testing.T, dir string) (steps []int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		var e struct{ Step int }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("log.jsonl: %q: %v", line, err)
		}
		steps = append(steps, e.Step)
	}
	return steps
}

// Numbers returns the checkpoint's numbers without its header, whose configuration
// names the run.
func Numbers(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, trained.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	header := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
	return b[8+header:]
}

// Copy returns a copy of a run's folder.
func Copy(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}
