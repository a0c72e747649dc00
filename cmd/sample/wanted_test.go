package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"equifm/molecule/formats"
)

// A range of sizes is kept to, and a sample's trajectory ends in the sample.
func TestAtomsAndTrajectory(t *testing.T) {
	m, dir := untrained(t), t.TempDir()
	out, path := filepath.Join(dir, "a.xyz"), filepath.Join(dir, "path.xyz")
	sample(t, "-model", m, "-n", "6", "-atoms", "9-12", "-out", out, "-trajectory", path)
	read := func(name string) (positions [][][3]float64, times []string) {
		f, err := formats.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for {
			m, err := f.Read()
			if err == io.EOF {
				return positions, times
			}
			if err != nil {
				t.Fatal(err)
			}
			at, _ := m.Property("t")
			positions, times = append(positions, m.Pos), append(times, at)
		}
	}
	molecules, _ := read(out)
	frames, times := read(path)
	if len(molecules) != 6 || len(frames) != 6*4 { // three evaluations, and the sample
		t.Fatalf("%d molecules, %d states", len(molecules), len(frames))
	}
	for i, pos := range molecules {
		if n := len(pos); n < 9 || n > 12 {
			t.Errorf("molecule %d has %d atoms", i+1, n)
		}
		if last := frames[4*i+3]; len(last) != len(pos) || last[0] != pos[0] || times[4*i] != "1" || times[4*i+3] != "0" {
			t.Errorf("molecule %d: states at %v end at %v, not at %v", i+1, times[4*i:4*i+4], last[0], pos[0])
		}
	}
}

// What is asked for is drawn until it is found, or until it is plain that it will not be.
func TestWantedIsDrawn(t *testing.T) {
	m := untrained(t)
	var stderr strings.Builder
	err := run(t.Context(), []string{"-model", m, "-n", "1", "-valid", "-unique", "-novel", "-train", "builtin", "-atoms", "18"}, io.Discard, &stderr)
	if err == nil || !strings.Contains(err.Error(), "200 molecules drawn, 0 of them as asked for (200 not valid in one piece): expected 1") {
		t.Errorf("of a model that has learned nothing: %v", err)
	}
	stderr.Reset() // an atom by itself is valid, whichever it is, and there are few kinds
	if err := run(t.Context(), []string{"-model", m, "-n", "3", "-unique", "-atoms", "1", "-seed", "3"}, io.Discard, &stderr); err != nil || !strings.HasPrefix(stderr.String(), "WARNING: size 1 is outside of what the model has learned, molecules of 6 to 16 atoms\n3 of ") || !strings.Contains(stderr.String(), "seen before") {
		t.Errorf("three kinds of atoms: %v\n%s", err, &stderr)
	}
	for _, args := range [][]string{{"-valid", "-trajectory", "a.xyz"}, {"-train", "builtin"}, {"-valid", "-property", "alpha=3"}, {"-trajectory", "a.sdf"}, {"-atoms", "5-3"}, {"-atoms", "200-300"}} {
		if err := run(t.Context(), append(args, "-model", m), io.Discard, io.Discard); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
