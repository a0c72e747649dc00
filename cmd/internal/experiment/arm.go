package experiment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"equifm/cmd/internal/measure"
	"equifm/cmd/internal/run"
	"equifm/cmd/internal/run/cputime"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
)

// Lab is where runs are made and kept; NewLab returns one.
type Lab struct {
	Dir     string // every run has a folder in it
	Workers int    // goroutines; changes the speed, not one bit of the result
	Say     io.Writer

	clock  cputime.Clock // of processor time
	shared *shared
	judge  *judge // of an experiment with a property
}

// NewLab returns a lab with a folder for every run in dir.
func NewLab(dir string, workers int, say io.Writer) *Lab {
	return &Lab{Dir: dir, Workers: workers, Say: say, clock: cputime.OfProcess, shared: new(shared)}
}

// stock is a set of molecules that was read, and its shapes by what trains on them.
type stock struct {
	set        *datasets.Set
	references map[string]measure.Reference
}

// Training is what a run's training came to.
type Training struct {
	Failed     string  `json:"failed,omitempty"` // why it did not end
	Steps      int     `json:"steps"`
	CPU        float64 `json:"cpu_seconds"` // of all threads, reports on the way included
	Parameters int     `json:"parameters"`
	Held       Held    `json:"held_out"`
}

// Held is the loss of held-out molecules at uniform times, with the published weights.
type Held struct {
	Loss float64                `json:"loss"`
	X    float64                `json:"x"` // Å²
	H    float64                `json:"h"`
	XByT [flow.TimeBins]float64 `json:"x_by_t"` // by tenths of t
	HByT [flow.TimeBins]float64 `json:"h_by_t"`
}

// data returns the set that a configuration trains on, read once, and the shapes in
// it, taken once.
func (l *Lab) data(c config.Config) (*datasets.Set, measure.Reference, error) {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	s, ok := l.shared.stock[c.Data.Source]
	if !ok {
		set, err := run.Load(c.Data)
		if err != nil {
			return nil, measure.Reference{}, err
		}
		if l.shared.stock == nil {
			l.shared.stock = make(map[string]stock)
		}
		s = stock{set, make(map[string]measure.Reference)}
		l.shared.stock[c.Data.Source] = s // kept: arms of one experiment may take turns with sources
	}
	c.Data.Atoms = "" // a sample is held against all sizes alike
	key := fmt.Sprintf("%+v", c.Data)
	if _, ok := s.references[key]; !ok {
		learn, _, err := c.Data.Molecules(s.set)
		if err != nil {
			return nil, measure.Reference{}, err
		}
		s.references[key] = measure.NewReference(learn, c)
	}
	return s.set, s.references[key], nil
}

// subject is one run, of which something is to be known.
type subject struct {
	lab    *Lab
	config config.Config
	dir    string
	folder *run.Folder
	free   func()   // lets another run of this lab have the folder
	run    *run.Run // trained; nil until somebody needs it
}

// subject claims a run's folder; close lets go of it.
func (l *Lab) subject(c config.Config) (*subject, error) {
	dir := filepath.Join(l.Dir, identity(c))
	free := l.shared.reserve(dir)
	folder, err := run.Claim(dir)
	if err != nil {
		free()
		return nil, err
	}
	return &subject{lab: l, config: c, dir: dir, folder: folder, free: free}, nil
}

func (s *subject) close() {
	if s.run != nil {
		s.run.Close()
	}
	s.folder.Release()
	s.free()
}

// train returns the run as it is at its end: trained, gone on with, or as it was left.
func (s *subject) train(ctx context.Context) (*run.Run, error) {
	if s.run != nil {
		return s.run, nil
	}
	set, _, err := s.lab.data(s.config)
	if err != nil {
		return nil, err
	}
	r, err := run.PrepareOn(set, s.config, s.lab.Workers, s.lab.clock, io.Discard)
	if err != nil {
		return nil, err
	}
	if err := r.Open(s.folder, run.Request{Resume: s.begun()}); err != nil {
		return nil, err
	}
	if err := r.Train(ctx); err != nil {
		r.Close()
		return nil, ownError(err)
	}
	s.run = r
	return r, nil
}

// begun says whether there is a checkpoint to go on from.
func (s *subject) begun() bool {
	path := filepath.Join(s.dir, trained.Checkpoint)
	for _, p := range []string{path, trained.Previous(path)} {
		if _, err := os.Stat(p); err == nil {
			return true
		}
	}
	return false
}

// training returns what training came to. That it came apart is a result.
func (s *subject) training(ctx context.Context) (Training, error) {
	return stored(s.dir, "training", essence(s.config), func() (t Training, err error) {
		r, err := s.train(ctx)
		if came := new(apart); errors.As(err, came) {
			return Training{Failed: err.Error()}, nil
		}
		if err != nil {
			return t, err
		}
		t = Training{Steps: r.Model.Step, CPU: r.Model.CPU, Parameters: len(r.Model.Average)}
		if len(r.Valid) == 0 {
			return t, nil
		}
		v, err := r.Trainer.Validate(r.Valid)
		t.Held.Loss, t.Held.X, t.Held.H = v.Total, v.X, v.H
		for k, p := range v.ByTime {
			t.Held.XByT[k], t.Held.HByT[k] = p.X, p.H
		}
		return t, err
	})
}

// apart is the error of a training that is the arm's own, as that its loss left the
// numbers, and not the machine's or the user's.
type apart struct{ error }

func (a apart) Unwrap() error { return a.error }

func ownError(err error) error {
	var path *fs.PathError
	var errno syscall.Errno
	stopped := new(run.Stopped)
	if errors.As(err, &path) || errors.As(err, &errno) || errors.As(err, &stopped) {
		return err
	}
	return apart{err}
}
