//go:build cublas && linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"equifm/autograd/cuda/shim"
)

// A card draws the molecules that the processor draws, to rounding.
func TestShimSamplesTheSame(t *testing.T) {
	shim.Use(t, "../../egnn/resident/kernels.cu")
	draw := func(device string) []string {
		var out bytes.Buffer
		if err := run(t.Context(), []string{"-n", "2", "-atoms", "5", "-seed", "3", "-solver", "euler", "-steps", "3", "-device", device}, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		return strings.Fields(out.String())
	}
	want, got := draw("cpu"), draw("cuda")
	if len(want) != len(got) || len(want) < 40 {
		t.Fatalf("%v\n%v", got, want)
	}
	for i := range want {
		var a, b float64
		if _, err := fmt.Sscan(want[i], &a); err != nil {
			if got[i] != want[i] {
				t.Errorf("%q, not %q", got[i], want[i])
			}
			continue
		}
		if fmt.Sscan(got[i], &b); math.Abs(a-b) > 1e-3 {
			t.Errorf("%v, not %v", b, a)
		}
	}
}
