package run

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
	"equifm/cmd/internal/run/runtest"
	"equifm/egnn"
	"equifm/egnn/resident"
	"equifm/egnn/trained"
	"equifm/flow"
)

// failing is a card that computes nothing, and fails.
type failing struct{ *cuda.Device }

func (b failing) Train(net *egnn.Field[float32], tr *flow.Trainer[float32]) error {
	e, err := resident.NewEngine(b.Device, net, tr, 0)
	tr.Engine = e
	return err
}

func (b failing) Network(net *egnn.Field[float32]) (flow.Network[float32], error) {
	return resident.New(b.Device, net, 0)
}

// A card that fails in whatever call stops the run, which says so, and leaves the last
// checkpoint as it was: the run goes on from there.
func TestFaultCardFails(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "run")
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: out}, 1)
	good := read(t, out, trained.Checkpoint)
	for _, call := range []int{60, 150, 333} { // before the next checkpoint
		f := &shim.Fake{FailAt: call}
		card, err := cuda.New(f.API(), resident.Source(), cuda.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = with(t, Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}, 1, io.Discard, func(r *Run) error {
			r.Device = failing{card}
			return r.Train(context.Background())
		})
		if err == nil || !strings.Contains(err.Error(), "cuda: cu") {
			t.Errorf("call %d, %s, fails: error %v", call, f.Failed, err)
		}
		if err := card.Close(); err != nil || f.Held() != "" {
			t.Errorf("call %d, %s, fails: still held: %s, error %v", call, f.Failed, f.Held(), err)
		}
		if !bytes.Equal(read(t, out, trained.Checkpoint), good) {
			t.Fatalf("call %d, %s, fails: the checkpoint has changed", call, f.Failed)
		}
	}
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: out, Resume: true}, 1)
}
