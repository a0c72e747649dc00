package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/run/cputime"
	"equifm/nn/parallel"
)

// job is one run of an arm.
type job struct {
	arm    *Arm
	seed   uint64
	result Result
}

// perform makes the runs of an experiment and adds each to its arm's results, in their
// order. As many as there are workers go side by side, one goroutine each, which takes
// less than one after the other by all: small networks leave workers waiting for each
// other. Where no thread's processor time is to be had they do go one by one.
func (l *Lab) perform(ctx context.Context, f *File, jobs []job) error {
	crew := *l
	hands := 1
	if cputime.OfThread != nil && len(jobs) >= l.Workers {
		hands, crew.Workers, crew.clock = l.Workers, 1, cputime.OfThread
	}
	line := progress.On(l.Say)
	line.Begin(f.Name+":", " runs", 0, float64(len(jobs)))
	defer line.End()
	if err := parallel.Each(len(jobs), hands, func(_, i int) (err error) {
		runtime.LockOSThread() // whose time is the run's
		defer runtime.UnlockOSThread()
		jobs[i].result, err = crew.run(ctx, f, jobs[i].arm, jobs[i].seed)
		line.Add(1)
		return err
	}); err != nil {
		return err
	}
	for i := range jobs {
		a := jobs[i].arm
		_, reference, err := l.data(a.Config)
		if err != nil {
			return err
		}
		a.Reference, a.Results = reference, append(a.Results, jobs[i].result)
	}
	return nil
}

// shared is what runs side by side have in common.
type shared struct {
	mu    sync.Mutex
	busy  map[string]*sync.Mutex // folders of runs, by name
	stock map[string]stock       // by source
}

// reserve waits for a folder that another arm's run, the same one, may be in, and
// returns how to let go of it.
func (s *shared) reserve(dir string) (release func()) {
	s.mu.Lock()
	if s.busy == nil {
		s.busy = make(map[string]*sync.Mutex)
	}
	m, ok := s.busy[dir]
	if !ok {
		m = new(sync.Mutex)
		s.busy[dir] = m
	}
	s.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// entry is a measurement in a file.
type entry[T any] struct {
	Asked string `json:"asked"` // what for, to the last number
	Value T      `json:"value"`
}

// stored returns what was measured in a run's folder before, or measures it and keeps
// it: whole or not at all. A file that is damaged is measured anew.
func stored[T any](dir, kind, asked string, measure func() (T, error)) (value T, err error) {
	path := filepath.Join(dir, kind+"-"+hash(asked)+".json")
	var was entry[T]
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &was) == nil && was.Asked == asked {
		return was.Value, nil
	}
	if value, err = measure(); err != nil {
		return value, err
	}
	return value, files.Replace(path, func(w io.Writer) error {
		if err := json.NewEncoder(w).Encode(entry[T]{asked, value}); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		return nil
	})
}
