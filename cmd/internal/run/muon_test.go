package run

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
)

// By poles, Muon's steps are others, and interrupted, resumed and with other numbers of workers the
// same to the bit; whoever resumes with another number of poles is told.
func TestMuonByPolesResumes(t *testing.T) {
	dir := t.TempDir()
	muon := func(steps, poles int) string {
		path := runtest.Small(t, dir, steps)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		more := strings.Replace(string(text), "[train]\n", fmt.Sprintf("[train]\noptimizer = \"muon\"\nmuon_poles = %d\n", poles), 1)
		path = filepath.Join(dir, fmt.Sprintf("muon-%d-%d.toml", steps, poles))
		if err := os.WriteFile(path, []byte(more), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	rounds, straight, broken := filepath.Join(dir, "rounds"), filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
	start(t, Request{Config: muon(6, 0), Out: rounds}, 1)
	start(t, Request{Config: muon(6, 2), Out: straight}, 1)
	start(t, Request{Config: muon(4, 2), Out: broken}, 3)
	other := runtest.Copy(t, broken)
	start(t, Request{Config: muon(6, 2), Out: broken, Resume: true}, 2)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
		t.Error("the checkpoints differ")
	}
	if bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, rounds)) {
		t.Error("rounds and poles end in the same numbers")
	}
	if text := start(t, Request{Config: muon(6, 1), Out: other, Resume: true, AllowChanges: true}, 2); !strings.Contains(text, "train.muon_poles: 2 → 1") {
		t.Errorf("another number of poles is not told:\n%s", text)
	}
}
