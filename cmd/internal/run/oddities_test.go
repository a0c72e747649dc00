package run

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// grid is a molecule of n carbons, 1.5 Å apart.
func grid(n int) *molecule.Molecule {
	m := &molecule.Molecule{}
	for i := range n {
		m.Elements = append(m.Elements, molecule.C)
		m.Pos = append(m.Pos, [3]float64{1.5 * float64(i%13), 1.5 * float64(i/13%13), 1.5 * float64(i/169)})
	}
	return m
}

// heap is a molecule of n atoms at one place.
func heap(n int) *molecule.Molecule {
	return &molecule.Molecule{Elements: grid(n).Elements, Pos: make([][3]float64, n)}
}

// Molecules of one atom, of two, of hundreds, and of atoms at one place are learned, drawn
// and judged: losses are finite, and samples have as many atoms.
func TestFaultOddMolecules(t *testing.T) {
	cases := map[string]*molecule.Molecule{"one": grid(1), "two": grid(2), "two at one place": heap(2), "thirty at one place": heap(30), "hundreds": grid(500)}
	if !testing.Short() {
		cases["thousands"] = grid(2000)
	}
	for name, m := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			large := m.Len() > 100 // what takes n² or n³ is done once
			copies, steps := 2, 2
			if large {
				copies, steps = 1, 1
			}
			config := runtest.Small(t, dir, steps)
			f, err := os.Create(filepath.Join(dir, "few.xyz"))
			if err != nil {
				t.Fatal(err)
			}
			w := formats.NewXYZWriter(f)
			for range copies {
				if err := w.Write(m); err != nil {
					t.Fatal(err)
				}
			}
			f.Close()
			keys := []string{"train.batch=1", "train.shard=1", "sample.number=1", "sample.steps=2", "train.warmup=0"}
			if large {
				keys = append(keys, "eot.mode=none", "network.hidden=2", "sample.steps=1")
			}
			out := filepath.Join(dir, "run")
			if err := with(t, Request{Config: config, Out: out, Set: keys}, 2, io.Discard, func(r *Run) error {
				if err := r.Train(context.Background()); err != nil {
					return err
				}
				return r.Finish(context.Background())
			}); err != nil {
				t.Fatal(err)
			}
			drawn := molecules(t, filepath.Join(out, "samples.sdf"))
			if len(drawn) != 1 || drawn[0].Len() != m.Len() {
				t.Errorf("drawn are %v", fmt.Sprint(drawn)[:40])
			}
			if text := string(read(t, out, "log.jsonl")); !strings.Contains(text, fmt.Sprintf(`"step":%d`, steps)) {
				t.Errorf("log.jsonl: %s", text)
			}
			if _, err := trained.Open(out); err != nil {
				t.Error(err)
			}
		})
	}
}
