package run

import (
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/nn"
	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// among is a run from its place to its sample at each of so many ranks. It returns what
// they say, and the error of each. Before a run begins, change may change it.
func among(size int, q Request, change func(r *Run)) (screens []string, errs []error) {
	screens, errs = make([]string, size), make([]error, size)
	ranktest.Run(size, func(r parallel.Ranks) {
		var screen bytes.Buffer
		errs[r.Rank()] = one(r, q, change, &screen)
		screens[r.Rank()] = screen.String()
	})
	return screens, errs
}

// one is what one of the ranks does.
func one(ranks parallel.Ranks, q Request, change func(r *Run), w io.Writer) error {
	c, dir, err := q.Place(w)
	if err != nil {
		return err
	}
	folder, err := ClaimAmong(ranks, dir)
	if err != nil {
		return err
	}
	defer folder.Release()
	r, err := PrepareAmong(ranks, c, 1, w)
	if err != nil {
		return err
	}
	change(r)
	if err := r.Open(folder, q); err != nil {
		return err
	}
	defer r.Close()
	if err := r.Train(context.Background()); err != nil {
		return err
	}
	return r.Finish(context.Background())
}

// Three ranks leave the files of one alone, checkpoint, log and sample, and two go on from
// there to the bits of a run that never stopped.
func TestRanksLeaveTheFilesOfOne(t *testing.T) {
	dir := t.TempDir()
	alone, shared := filepath.Join(dir, "alone"), filepath.Join(dir, "shared")
	start(t, Request{Config: runtest.Small(t, dir, 5), Out: alone + "5"}, 1)
	start(t, Request{Config: runtest.Small(t, dir, 9), Out: alone + "9"}, 1)
	for k, steps := range []int{5, 9} {
		q := Request{Config: runtest.Small(t, dir, steps), Out: shared, Resume: k > 0}
		screens, errs := among(3-k, q, func(*Run) {})
		for rank, err := range errs {
			if err != nil {
				t.Fatalf("rank %d: %v", rank, err)
			}
		}
		if want := "at each of 3 ranks"; k == 0 && !strings.Contains(screens[0], want) {
			t.Errorf("no %q on the screen:\n%s", want, screens[0])
		}
		one := alone + []string{"5", "9"}[k]
		if !bytes.Equal(runtest.Numbers(t, shared), runtest.Numbers(t, one)) {
			t.Errorf("step %d: another checkpoint than of one alone", steps)
		}
		for _, name := range []string{"samples.sdf", "samples.xyz", "samples.svg"} {
			if !bytes.Equal(contents(t, shared, name), contents(t, one, name)) {
				t.Errorf("step %d: another %s than of one alone", steps, name)
			}
		}
	}
	if got := runtest.Logged(t, shared); !slices.Equal(got, []int{2, 4, 5, 6, 8, 9}) {
		t.Errorf("log.jsonl has steps %v", got)
	}
}

func contents(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A rank that has read another configuration, other data or another checkpoint, or that
// rounds otherwise, is named, by all ranks, before anything is saved.
func TestRanksSeeThatTheyAreAlike(t *testing.T) {
	dir := t.TempDir()
	q := Request{Config: runtest.Small(t, dir, 5), Out: filepath.Join(dir, "run")}
	for _, c := range []struct {
		want   string
		differ func(r *Run)
	}{
		{"begins with other configuration than rank 0", func(r *Run) { r.Config.Train.Warmup++ }},
		{"begins with other data than rank 0", func(r *Run) { r.Examples[3].H[0]++ }},
		{"begins with other parameters than rank 0", func(r *Run) { r.Trainer.Average.Data[5]++ }},
		{"has learned other numbers than rank 0", func(r *Run) { r.Trainer.Optimizer = rounding{r.Trainer.Optimizer, r} }},
	} {
		_, errs := among(3, q, func(r *Run) {
			if r.Ranks.Rank() == 2 {
				c.differ(r)
			}
		})
		for rank, err := range errs {
			if err == nil || !strings.Contains(err.Error(), "rank 2 on ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("rank %d: error %v, want %q", rank, err, c.want)
			}
		}
		if hasCheckpoint(q.Out) {
			t.Errorf("saved, where it %s", c.want)
		}
	}
}

// rounding is an optimiser whose result is off in one number.
type rounding struct {
	nn.Optimizer[float32]
	run *Run
}

func (o rounding) Step(grad []float32, lr, scale float64, workers int) {
	o.Optimizer.Step(grad, lr, scale, workers)
	x := &o.run.Model.Field.Params().Data[7]
	*x = math.Nextafter32(*x, 1)
}
