package run

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

// A cool-down goes on from another run's checkpoint in a folder of its own: its
// rate falls to nearly 0, and the run it started from stays as it was. Interrupted
// it is resumed like any other.
func TestCooldown(t *testing.T) {
	dir := t.TempDir()
	long, cool := filepath.Join(dir, "long"), filepath.Join(dir, "cool")
	start(t, Request{Config: runtest.Small(t, dir, 8), Out: long}, 2)
	before := runtest.Numbers(t, long)
	q := Request{From: long, Cooldown: 6, Out: cool}
	screen := start(t, q, 1)
	if !strings.Contains(screen, "resuming after step 8") || !strings.Contains(screen, "step 14/14") {
		t.Errorf("screen:\n%s", screen)
	}
	if !bytes.Equal(before, runtest.Numbers(t, long)) {
		t.Error("the run it started from has changed")
	}
	m, err := trained.Open(cool)
	if err != nil {
		t.Fatal(err)
	}
	if m.Step != 14 || m.Config.Name != "small-cooled" || m.Config.Train.Cooldown != 6 || !(m.CPU > 0) {
		t.Errorf("step %d of %s, cool-down %d, %v s", m.Step, m.Config.Name, m.Config.Train.Cooldown, m.CPU)
	}
	c, _, err := q.configuration()
	if err != nil {
		t.Fatal(err)
	}
	r := &Run{Config: c}
	if first, last := r.rate().At(8), r.rate().At(13); !(last < first/4) || last <= 0 {
		t.Errorf("the rate falls from %v to %v", first, last)
	}
	for _, bad := range []Request{{From: long}, {Cooldown: 5}, {From: long, Cooldown: 5, Resume: true}, {From: filepath.Join(dir, "none"), Cooldown: 5}} {
		if _, _, err := bad.Place(io.Discard); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
