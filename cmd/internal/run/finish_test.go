package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// ending is a context that ends when it has been asked so many times.
type ending struct {
	context.Context
	left atomic.Int64
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// molecules reads a file.
func molecules(t *testing.T, path string) (all []*molecule.Molecule) {
	t.Helper()
	f, err := formats.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		m, err := f.Read()
		if err != nil {
			return all
		}
		all = append(all, m)
	}
}

// A sample that is told to stop is kept as far as it went, judged and written; the molecules
// are those of the whole sample, and every record says where it is from.
func TestFaultInterruptKeepsTheSample(t *testing.T) {
	dir := t.TempDir()
	config := runtest.Small(t, dir, 2)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, bytes.Replace(text, []byte("number = 5"), []byte("number = 20"), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	whole := filepath.Join(dir, "whole")
	start(t, Request{Config: config, Out: whole}, 1)
	all := molecules(t, filepath.Join(whole, "samples.sdf"))
	for left, want := range map[int64]int{2: 0, 6: 8, 9: 16} { // evaluations, four of each shard of eight
		out := filepath.Join(dir, fmt.Sprint(left))
		var screen bytes.Buffer
		err := with(t, Request{Config: config, Out: out}, 1, &screen, func(r *Run) error {
			if err := r.Train(context.Background()); err != nil {
				return err
			}
			ctx := &ending{Context: context.Background()}
			ctx.left.Store(left)
			return r.Finish(ctx)
		})
		cut := new(Cut)
		if want == 0 {
			if err == nil || errors.As(err, &cut) || !errors.Is(err, context.Canceled) {
				t.Errorf("after %d evaluations: error %v", left, err)
			}
			continue
		}
		if !errors.As(err, &cut) || cut.Kept != want || cut.Lost != 20-want || !strings.Contains(err.Error(), "go run ./cmd/sample -model "+out) {
			t.Fatalf("after %d evaluations: error %v", left, err)
		}
		for i, m := range molecules(t, filepath.Join(out, "samples.sdf")) {
			if !slices.Equal(m.Pos, all[i].Pos) {
				t.Errorf("molecule %d is not that of the whole sample", i+1)
			}
			for key, want := range map[string]string{"model": "small", "step": "2", "seed": "1", "solver": "euler", "nfe": "4", "index": fmt.Sprint(i + 1)} {
				if got, _ := m.Property(key); got != want {
					t.Errorf("molecule %d: %s = %q, want %q", i+1, key, got, want)
				}
			}
			want--
		}
		if want != 0 {
			t.Errorf("%d molecules are missing", want)
		}
	}
}
