package run

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/checkpoint"
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
	for _, bad := range []Request{{From: long}, {From: long, Config: "tiny", Resume: true}, {Cooldown: 5}, {From: long, Cooldown: -5}, {From: long, Cooldown: 5, Resume: true}, {From: filepath.Join(dir, "none"), Cooldown: 5}} {
		if _, _, err := bad.Place(io.Discard); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// A run may start at another model's weights, with a count, a rate and an optimiser
// of its own; with another network it does not.
func TestStart(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	small := runtest.Small(t, dir, 8)
	start(t, Request{Config: small, Out: first}, 2)
	was, err := trained.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	q := Request{Config: small, From: first, Out: second}
	folder, err := Claim(second)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Release()
	c, _, err := q.Place(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Prepare(c, 1, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Open(folder, q); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Trainer.Steps != 0 || r.Model.CPU != 0 || !slices.Equal(r.Model.Field.Params().Data, was.Average) ||
		!slices.Equal(r.Trainer.Average.Data, was.Average) || r.Trainer.Output.Moments != was.Moments {
		t.Errorf("after %d steps, %v s, the weights are not those it starts at", r.Trainer.Steps, r.Model.CPU)
	}
	r.Model.Config.Data.TypeHeight *= 2
	if _, err := checkpoint.Start(first, &r.State); err == nil || !strings.Contains(err.Error(), "channels of [data]") {
		t.Errorf("a one-hot of another height: %v", err)
	}
	r.Model.Config.Data.TypeHeight /= 2
	r.Model.Config.Network.Hidden *= 2
	if _, err := checkpoint.Start(first, &r.State); err == nil || !strings.Contains(err.Error(), "[network]") {
		t.Errorf("a network of another width: %v", err)
	}
}
