package run

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/memory"
	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

var errDisk = errors.New("no space left on device")

// broken trains in out with a disk that fails as told of the number of an operation from
// 1 on, and returns how many there were, and what it came to.
func broken(t *testing.T, q Request, fails func(operation int) bool) (operations int, err error) {
	t.Helper()
	files.Before = func(string, string) error {
		if operations++; fails(operations) {
			return errDisk
		}
		return nil
	}
	defer func() { files.Before = nil }()
	c, dir, err := q.Place(io.Discard)
	if err != nil {
		return operations, err
	}
	folder, err := Claim(dir)
	if err != nil {
		return operations, err
	}
	defer folder.Release()
	r, err := Prepare(c, 1, io.Discard)
	if err != nil {
		return operations, err
	}
	if err := r.Open(folder, q); err != nil {
		return operations, err
	}
	defer r.Close()
	return operations, r.Train(t.Context())
}

// everywhere breaks a run at its first operation on the disk, its second, … its last,
// takes it up again, and wants the bits of one that is left alone.
// A line of the log that could not be written may be lost, not more.
func everywhere(t *testing.T, lines int, fails func(at, operation int) bool) {
	t.Helper()
	dir := t.TempDir()
	config, straight := changed(t, runtest.Small(t, dir, 2), "checkpoint_every = 4", "checkpoint_every = 1", "log_every = 2", "log_every = 1"), filepath.Join(dir, "straight")
	all, err := broken(t, Request{Config: config, Out: straight}, func(int) bool { return false })
	if err != nil || all < 30 {
		t.Fatalf("%d operations, error %v", all, err)
	}
	failed := 0
	for at := 1; at <= all; at++ {
		q := Request{Config: config, Out: filepath.Join(t.TempDir(), "run")}
		if _, err := broken(t, q, func(k int) bool { return fails(at, k) }); err != nil {
			failed++
			contains(t, err, errDisk.Error())
		}
		if q.Resume = hasCheckpoint(q.Out); q.Resume {
			if _, err := trained.Open(q.Out); err != nil {
				if _, err := trained.Open(trained.Previous(filepath.Join(q.Out, trained.Checkpoint))); err != nil {
					t.Errorf("operation %d: no good checkpoint: %v", at, err)
				}
			}
		}
		if _, err := broken(t, q, func(int) bool { return false }); err != nil {
			t.Errorf("operation %d: taken up again: %v", at, err)
			continue
		}
		if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, q.Out)) {
			t.Errorf("operation %d: the checkpoints differ", at)
		}
		if got := runtest.Logged(t, q.Out); len(got) < lines || len(got) > 2 || !slices.IsSorted(got) {
			t.Errorf("operation %d: log.jsonl has steps %v", at, got)
		}
	}
	if failed < all/2 {
		t.Errorf("%d of %d failures were noticed", failed, all)
	}
}

// A kill at every create, write, sync, close, link, rename and remove: nothing is done
// from there on, not even what a program does when an operation fails.
func TestFaultKilledAtEveryOperation(t *testing.T) {
	everywhere(t, 2, func(at, operation int) bool { return operation >= at })
}

// A disk that is full, or has an error, at the first operation, the second, … the last.
func TestFaultDiskFailsAtEveryOperation(t *testing.T) {
	everywhere(t, 1, func(at, operation int) bool { return operation == at })
}

// What cannot fit is refused before training, and names the key.
func TestFaultNoRoomForTheSample(t *testing.T) {
	if _, ok := memory.Available(); !ok {
		t.Skip("this system does not say how much memory there is")
	}
	dir := t.TempDir()
	for key, config := range map[string]string{
		"sample.number = 1073741824": changed(t, runtest.Small(t, dir, 3), "number = 5", "number = 1073741824"),
		"train.batch":                changed(t, runtest.Small(t, dir, 4), "batch = 6\nshard = 2", "batch = 1000000\nshard = 1", "hidden = 8", "hidden = 512"),
	} {
		c, _, err := Request{Config: config, Out: filepath.Join(dir, "run")}.Place(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Prepare(c, 1, io.Discard)
		contains(t, err, "memory: this takes some ", key)
	}
}
