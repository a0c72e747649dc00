//go:build cublas && linux

package main

import (
	"context"
	"io"
	"math"
	"path/filepath"
	"testing"

	"equifm/autograd/cuda/shim"
	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

// A run on a card, one that goes on from there on the processor, and one the other way round
// end where a run on the processor does; with molecules of which something is given.
func TestShimRunGoesAcrossDevices(t *testing.T) {
	shim.Use(t, "../../egnn/resident/kernels.cu")
	dir := t.TempDir()
	half, whole := runtest.Small(t, dir, 4), runtest.Small(t, dir, 8)
	run := func(args ...string) {
		t.Helper()
		if err := train(context.Background(), append(args, "-workers", "2", "-set", "train.given_types=0.5", "-set", "train.given_parts=0.5"), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	run("-config", whole, "-out", at("cpu"))
	run("-config", whole, "-out", at("cuda"), "-device", "cuda")
	run("-config", half, "-out", at("down"), "-device", "cuda")
	run("-config", whole, "-out", at("down"), "-resume")
	run("-config", half, "-out", at("up"))
	run("-config", whole, "-out", at("up"), "-resume", "-device", "cuda-tf32")
	want, err := trained.Open(at("cpu"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cuda", "down", "up"} {
		got, err := trained.Open(at(name))
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range want.Average {
			if !(math.Abs(float64(got.Average[i]-v)) < 1e-5) || got.Step != 8 {
				t.Fatalf("%s: step %d, parameter %d is %v, not %v", name, got.Step, i, got.Average[i], v)
			}
		}
	}
}
