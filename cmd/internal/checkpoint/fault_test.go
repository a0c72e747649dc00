package checkpoint

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/nn"
	"equifm/nn/safetensors"
)

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	os.Remove(path) // it may be two names of one file
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// A bit that flips anywhere in a checkpoint makes it an error that names the
// file, for sampling and for resuming.
func TestFaultBitFlipIsRefused(t *testing.T) {
	path, s := saved(t)
	good, rng := read(t, path), rand.New(rand.NewPCG(1, 2))
	header := 8 + (int(good[0]) | int(good[1])<<8)
	for i := range 200 {
		at := rng.IntN(len(good))
		if i%2 == 0 { // the header is short beside the numbers
			at = rng.IntN(header)
		}
		bad := slices.Clone(good)
		bad[at] ^= 1 << rng.IntN(8)
		write(t, path, bad)
		if _, err := trained.Open(path); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("byte %d of %d: Open: error %v", at, len(good), err)
		}
		if _, err := Resume(path, s); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("byte %d of %d: Resume: error %v", at, len(good), err)
		}
	}
}

func TestFaultTruncatedIsRefused(t *testing.T) {
	path, _ := saved(t)
	good, rng := read(t, path), rand.New(rand.NewPCG(1, 3))
	for range 100 {
		n := rng.IntN(len(good))
		write(t, path, good[:n])
		if _, err := trained.Open(path); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%d of %d bytes: error %v", n, len(good), err)
		}
	}
}

// A checkpoint from before there were checksums, or without losses, still loads.
func TestOldCheckpointsLoad(t *testing.T) {
	path, s := saved(t)
	f, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !f.Sealed {
		t.Error("a new one has no checksums")
	}
	delete(f.Metadata, "losses")
	p, o, tr := s.Model.Field.Params(), s.Trainer.Optimizer, s.Trainer
	tensors := slices.Concat(p.Named("", p.Data), p.Named("ema.", tr.Average.Data), o.Named("adamw."),
		[]safetensors.Tensor{safetensors.New("clip.history", tr.Clipper.History, len(tr.Clipper.History))})
	old := filepath.Join(t.TempDir(), "old.safetensors")
	if err := files.Replace(old, func(w io.Writer) error { return safetensors.Write(w, tensors, f.Metadata) }); err != nil {
		t.Fatal(err)
	}
	got, err := trained.Open(old)
	if err != nil || !slices.Equal(got.Average, tr.Average.Data) {
		t.Errorf("error %v", err)
	}
	if _, err := Resume(old, s); err != nil {
		t.Error(err)
	}
}

// No number of the training's state that is not finite takes the place of a good one.
func TestFaultNaNIsNeverSaved(t *testing.T) {
	path, s := saved(t)
	good, m, tr := read(t, path), s.Model, s.Trainer
	tr.Clipper.History = []float64{3000}
	for name, x := range map[string]*float32{
		"": &m.Field.Params().Data[7], "ema.": &tr.Average.Data[0],
		"adamw.m.": &tr.Optimizer.(*nn.AdamW[float32]).M[3], "adamw.v.": &tr.Optimizer.(*nn.AdamW[float32]).V[3], "adamw.vmax.": &tr.Optimizer.(*nn.AdamW[float32]).VMax[3],
	} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			was := *x
			*x = float32(bad)
			if err := Save(path, s); err == nil || !strings.Contains(err.Error(), "not finite") || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %v: error %v", name, bad, err)
			}
			*x = was
		}
	}
	tr.Clipper.History[0] = math.NaN()
	if err := Save(path, s); err == nil || !strings.Contains(err.Error(), "clip.history") {
		t.Errorf("error %v", err)
	}
	if !bytes.Equal(read(t, path), good) {
		t.Error("the checkpoint has changed")
	}
}

// The checkpoint before the last stays, to the bit, and Recover goes back to it
// from one that is damaged or gone, but not from one that is good.
func TestFaultDamagedGoesBack(t *testing.T) {
	path, s := saved(t)
	first := read(t, path)
	s.Trainer.Steps = 5
	if err := Save(path, s); err != nil {
		t.Fatal(err)
	}
	second := read(t, path)
	if note, err := Recover(path); note != "" || err != nil || !bytes.Equal(read(t, trained.Previous(path)), first) {
		t.Errorf("nothing is amiss, but: %q, %v", note, err)
	}
	bad := slices.Clone(second)
	bad[len(bad)-1] ^= 1
	write(t, path, bad)
	if _, err := trained.Open(path); err == nil || !strings.Contains(err.Error(), "the checkpoint before it is "+trained.Previous(path)) {
		t.Errorf("error %v", err)
	}
	note, err := Recover(path)
	if err != nil || !strings.Contains(note, "sha256") || !strings.Contains(note, "checkpoint.damaged.safetensors") ||
		!bytes.Equal(read(t, path), first) || !bytes.Equal(read(t, filepath.Join(filepath.Dir(path), "checkpoint.damaged.safetensors")), bad) {
		t.Errorf("note %q, error %v", note, err)
	}
	if err := Save(path, s); err != nil || !bytes.Equal(read(t, path), second) || !bytes.Equal(read(t, trained.Previous(path)), first) {
		t.Errorf("saving again: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if note, err := Recover(path); err != nil || note == "" || !bytes.Equal(read(t, path), first) {
		t.Errorf("note %q, error %v", note, err)
	}
	write(t, path, nil)
	write(t, trained.Previous(path), bad)
	if note, err := Recover(path); err == nil || note != "" || !strings.Contains(err.Error(), "no safetensors file") || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("both damaged: note %q, error %v", note, err)
	}
}
