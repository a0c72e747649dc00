package trained

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The README's program, in a module of its own that knows this one by a replace
// directive alone, compiles and runs: nothing it needs is internal.
func TestProgramOutsideTheModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	module := "module outside\n\ngo 1.26\n\nrequire equifm v0.0.0\n\nreplace equifm => " + strconv.Quote(root) + "\n"
	for name, text := range map[string][]byte{
		"go.mod":                  []byte(module),
		"go.sum":                  content(t, root, "go.sum"),
		"main.go":                 program(t, content(t, root, "README.md")),
		"runs/tiny/" + Checkpoint: content(t, version1),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := run.CombinedOutput()
	if lines := strings.Count(string(out), "\n"); err != nil || lines != 10 {
		t.Errorf("%d lines, want 10 molecules; error %v:\n%s", lines, err, out)
	}
}

func content(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// program returns the first whole program of a text in Markdown.
func program(t *testing.T, text []byte) []byte {
	t.Helper()
	_, rest, found := bytes.Cut(text, []byte("```go\npackage main\n"))
	code, _, closed := bytes.Cut(rest, []byte("```"))
	if !found || !closed {
		t.Fatal("README.md has no program")
	}
	if _, body, _ := bytes.Cut(code, []byte("func main")); bytes.Count(body, []byte("\n")) > 15 {
		t.Error("the program's main is longer than 15 lines")
	}
	return append([]byte("package main\n"), code...)
}
