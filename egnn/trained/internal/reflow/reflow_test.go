package main

import (
	"context"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"equifm/egnn/trained"
	"equifm/flow"
)

// Pairs are stable molecules with the noise that the flow makes them of; a file holds them
// whole, and a step of training on them writes a model.
func TestReflow(t *testing.T) {
	m, err := trained.Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	o := m.Options()
	o.Number, o.Seed, o.Workers, o.Solver, o.Steps, o.Eta = 8, 1, 1, flow.DPM, 20, 0
	pairs, err := draw(m, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(pairs) == 0 || len(pairs) == o.Number {
		t.Fatalf("%d pairs of %d noises", len(pairs), o.Number)
	}
	var sizes []int
	var noise []flow.State[float32]
	for _, p := range pairs {
		sizes, noise = append(sizes, p.Atoms()), append(noise, *p.Noise)
	}
	sampler, err := m.Sampler(o)
	if err != nil {
		t.Fatal(err)
	}
	sampler.Start = flow.Start[float32]{At: 1, States: noise}
	ends, _, err := sampler.Sample(sizes, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pairs {
		for k, x := range ends[i].X {
			if math.Abs(float64(x-p.X[k])) > 1e-4 {
				t.Fatalf("pair %d: the noise leads to %v, expected %v", i, x, p.X[k])
			}
		}
		one, F := float32(m.Config.Vocabulary().TypeHeight()), m.Field.Features
		for a := range p.Atoms() {
			if row := p.H[F*a : F*a+len(m.Config.Vocabulary().Elements)]; slices.Max(row) != one || slices.Min(row) != 0 {
				t.Fatalf("pair %d: features %v, expected a one-hot of %v", i, row, one)
			}
		}
	}
	dir := t.TempDir()
	s := settings{pairs: filepath.Join(dir, "pairs.safetensors"), out: filepath.Join(dir, "out.safetensors"),
		steps: 1, batch: 2, lr: 1e-3, workers: 1}
	if err := write(s.pairs, pairs); err != nil {
		t.Fatal(err)
	}
	if back, err := read(s.pairs, m.Field.Features); err != nil || !reflect.DeepEqual(back, pairs) {
		t.Errorf("other pairs out of the file, %v", err)
	}
	if _, err := read(s.pairs, m.Field.Features+1); err == nil {
		t.Error("pairs of another width are read")
	}
	if err := s.straighten(m, pairs); err != nil {
		t.Fatal(err)
	}
	straight, err := trained.Open(s.out)
	if err != nil {
		t.Fatal(err)
	}
	if straight.Config.Sample.Steps != 10 || straight.Config.Name != "out" {
		t.Errorf("%s, sampled in %d steps", straight.Config.Name, straight.Config.Sample.Steps)
	}
}

// What is carried back to noise comes from it again, and that noise is as wide as the prior's.
func TestBack(t *testing.T) {
	m, err := trained.Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	o := m.Options()
	o.Number, o.MostAtoms, o.Seed, o.Workers, o.Steps = 12, 14, 1, 2, 30
	molecules, _, err := m.Sample(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Steps, o.Eta = 20, 0
	pairs, err := back(m, molecules, o)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	var noise []flow.State[float32]
	var squares, count float64
	for _, p := range pairs {
		sizes, noise = append(sizes, p.Atoms()), append(noise, *p.Noise)
		for _, v := range p.Noise.X {
			squares += float64(v * v)
		}
		count += float64(len(p.Noise.X) - 3) // their centre is at the origin
	}
	if width := math.Sqrt(squares / count); math.Abs(width-1) > 0.15 {
		t.Errorf("noise of width %.3f, expected 1", width)
	}
	sampler, err := m.Sampler(o)
	if err != nil {
		t.Fatal(err)
	}
	sampler.Steps, sampler.Start = 40, flow.Start[float32]{At: 1, States: noise}
	ends, _, err := sampler.Sample(sizes, nil)
	if err != nil {
		t.Fatal(err)
	}
	var off []float64 // Å, root mean square over a molecule's atoms
	for i, p := range pairs {
		var sum float64
		for k, x := range ends[i].X {
			sum += math.Pow(float64(x-p.X[k]), 2)
		}
		off = append(off, math.Sqrt(sum/float64(p.Atoms())))
	}
	slices.Sort(off)
	if off[len(off)/2] > 0.1 || off[len(off)*3/4] > 0.2 {
		t.Errorf("atoms off by %.3f Å, expected 0.1 of half of the molecules and 0.2 of three quarters", off)
	}
}

// What is mended has the sizes that it had, takes the evaluations that its course says, and
// stays close to where it was.
func TestMend(t *testing.T) {
	m, err := trained.Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	s := settings{judged: 6, seed: 1, workers: 2}
	for _, c := range []course{{20, 0.1, 4, 2}, courses[0]} {
		states, nfe, err := s.follow(c, m, m)
		if err != nil {
			t.Fatal(err)
		}
		if nfe != c.first+c.then || len(states) != s.judged {
			t.Errorf("%+v: %d evaluations for %d molecules", c, nfe, len(states))
		}
		if c.at > 0.1 {
			continue
		}
		before, _, err := s.follow(course{20, 1e-3, 1, 0}, m, m)
		if err != nil {
			t.Fatal(err)
		}
		for i := range states {
			var off float64
			for k, x := range states[i].X {
				off += math.Pow(float64(x-before[i].X[k]), 2)
			}
			if off = math.Sqrt(off / float64(len(states[i].X)/3)); !(off < 0.5) || off < 1e-3 {
				t.Errorf("molecule %d: %.3f Å away, expected up to 0.5", i, off)
			}
		}
	}
}
