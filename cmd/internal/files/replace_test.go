package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var errFull = errors.New("full")

// holds fails the test unless the folder of path holds these files and no other,
// each given as name and content.
func holds(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Name(), string(text))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// Whatever goes wrong leaves the old file, and nothing beside it.
func TestReplaceIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	if err := Replace(path, text("old")); err != nil {
		t.Fatal(err)
	}
	full := func(w io.Writer) error { return errors.Join(text("new")(w), errFull) }
	if err := Replace(path, full); !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Errorf("error %v", err)
	}
	holds(t, dir, "a.json", "old")
	looked := ""
	if err := Replace(path, text("new"), func(tmp string) error {
		b, err := os.ReadFile(tmp)
		looked = string(b)
		return errors.Join(err, errFull)
	}); !errors.Is(err, errFull) || looked != "new" {
		t.Errorf("error %v after a look at %q", err, looked)
	}
	holds(t, dir, "a.json", "old")
	if err := Replace(filepath.Join(dir, "none", "a"), text("new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// failing is a file in which the n-th of all writes, syncs and closes fails.
type failing struct {
	file
	left *int
}

func (f failing) fails() bool { *f.left--; return *f.left == 0 }

func (f failing) Write(p []byte) (int, error) {
	if f.fails() {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, errFull
	}
	return f.file.Write(p)
}

func (f failing) Sync() error {
	if f.fails() {
		return errFull
	}
	return f.file.Sync()
}

func (f failing) Close() error {
	err := f.file.Close()
	if f.fails() {
		return errFull
	}
	return err
}

// A disk that is full at the first, the second, … the last write, or at the sync
// or the close, leaves the old file as it was.
func TestFaultWriteErrorLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Replace(path, text("old")); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("new", 100_000) // several writes
	for n := 1; ; n++ {
		left := n
		err := replace(path, func(path string) (file, error) {
			f, err := create(path)
			return failing{f, &left}, err
		}, text(long), nil)
		if left > 0 {
			if n < 7 || err != nil {
				t.Errorf("%d operations, the last error %v", n-1, err)
			}
			break
		}
		if !errors.Is(err, errFull) {
			t.Errorf("failure %d: error %v", n, err)
		}
		holds(t, dir, "a", "old")
	}
	holds(t, dir, "a", long)
}

// A crash while writing leaves a half file beside the old one, or a second name
// of it: neither is an obstacle, and neither is written into.
func TestFaultLeftoversAreHarmless(t *testing.T) {
	dir := t.TempDir()
	path, was := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, name := range []string{was, path + ".tmp"} {
		if err := os.WriteFile(name, []byte("older"), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Link(was, was+".tmp"), Replace(path, text("old"))); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "a", "old", "b", "older", "b.tmp", "older")
	if err := errors.Join(Keep(path, was), os.Link(was, path+".tmp"), Replace(path, text("new"))); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "a", "new", "b", "old")
}

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	path, was := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := Keep(path, was); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing to keep: %v", err)
	}
	for _, s := range []string{"1", "2"} {
		if err := errors.Join(Replace(path, text(s)), Keep(path, was), Keep(path, was)); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, "a", s, "b", s)
	}
	if err := errors.Join(Replace(path, text("3")), duplicate(path, filepath.Join(dir, "c"))); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "a", "3", "b", "2", "c", "3")
}
