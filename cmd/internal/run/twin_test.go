package run

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn"
	"equifm/egnn/trained"
)

// twin makes the twin's of a configuration's file, with rotated data.
func twin(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("[network]\n", "[network]\nkind = \"twin\"\n", "[train]\n", "[train]\nrotate = true\n").Replace(string(text))
	to := strings.TrimSuffix(path, ".toml") + "-twin.toml"
	if err := os.WriteFile(to, []byte(changed), 0o666); err != nil {
		t.Fatal(err)
	}
	return to
}

// The twin is trained, saved, resumed to the same bits and sampled from as EGNN is,
// and neither goes on as the other.
func TestTwinRuns(t *testing.T) {
	dir := t.TempDir()
	straight, broken := filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
	start(t, Request{Config: twin(t, runtest.Small(t, dir, 9)), Out: straight}, 1)
	start(t, Request{Config: twin(t, runtest.Small(t, dir, 4)), Out: broken}, 3)
	start(t, Request{Config: twin(t, runtest.Small(t, dir, 9)), Out: broken, Resume: true}, 2)
	if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
		t.Error("the checkpoints differ")
	}
	m, err := trained.Open(straight)
	if err != nil || m.Field.Kind != egnn.Twin {
		t.Fatalf("read %v, error %v", m, err)
	}
	samplesAreTheCheckpoints(t, straight)
	err = attempt(t, Request{Config: runtest.Small(t, dir, 9), Out: broken, Resume: true}, 1, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "its [network]") {
		t.Errorf("EGNN goes on from the twin: error %v", err)
	}
}
