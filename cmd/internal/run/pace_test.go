package run

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
	"equifm/flow/schedule"
)

// paced is a small run whose schedule is moved after steps 2, 4 and 6 of 8.
func paced(t *testing.T, dir string, steps int) string {
	t.Helper()
	path := runtest.Small(t, dir, steps)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(text), "[train]\n", fmt.Sprintf("[path]\nh = \"learned\"\n[train]\nschedule_every = 2\nschedule_until = %v\n", min(1, 6/float64(steps))), 1)
	if err := os.WriteFile(path, []byte(more), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// A learned schedule moves in training, is in the checkpoint, and is drawn; stopped and
// gone on with, by other workers, it ends in the same bits.
func TestLearnedSchedule(t *testing.T) {
	dir := t.TempDir()
	whole, parts := filepath.Join(dir, "whole"), filepath.Join(dir, "parts")
	start(t, Request{Config: paced(t, dir, 8), Out: whole}, 1)
	start(t, Request{Config: paced(t, dir, 4), Out: parts}, 2)
	start(t, Request{Config: paced(t, dir, 8), Out: parts, Resume: true}, 1)
	if !bytes.Equal(runtest.Numbers(t, whole), runtest.Numbers(t, parts)) {
		t.Error("stopped and gone on with, it ends in other bits")
	}
	a, err := trained.Open(whole)
	if err != nil {
		t.Fatal(err)
	}
	b, err := trained.Open(parts)
	if err != nil {
		t.Fatal(err)
	}
	if fresh := schedule.NewLearned(16).Theta; len(a.Theta) != len(fresh) || slices.Equal(a.Theta, fresh) || !slices.Equal(a.Theta, b.Theta) {
		t.Errorf("the schedule went to %v, in parts to %v", a.Theta, b.Theta)
	}
	if got := a.FlowPath().H.(*schedule.Learned).Theta; !slices.Equal(got, a.Theta) {
		t.Errorf("the model's path has %v, not %v", got, a.Theta)
	}
	if svg, err := os.ReadFile(filepath.Join(whole, "schedule.svg")); err != nil || !bytes.Contains(svg, []byte("learned")) {
		t.Errorf("no picture of the schedule: %v", err)
	}
}
