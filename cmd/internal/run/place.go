package run

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/model"
)

// Request is what a command is told: which configuration, and where it runs.
type Request struct {
	Config string // a preset or a file; "" for tiny, or what is resumed
	Out    string // the run's folder; "" for runs/NAME
	Resume bool
	DryRun bool // nothing will be written
	Seed   uint64
	Seeded bool // Seed takes the place of the configuration's
}

// Place decides on the configuration and the run's folder. A folder with a
// checkpoint in it is never written over. Without -out the run goes beside any
// that has begun, for that one may be running still.
// A run that goes on without -config keeps the configuration in its folder.
func (q Request) Place() (c config.Config, out string, err error) {
	name := q.Config
	if name == "" {
		name = "tiny"
		if dir := cmp.Or(q.Out, filepath.Join("runs", name)); q.Resume && hasCheckpoint(dir) {
			name, q.Out = filepath.Join(dir, "config.toml"), dir
		}
	}
	if c, err = config.Load(name); err != nil {
		return c, "", err
	}
	if q.Seeded {
		c.Seed = q.Seed
		if err = c.Check(); err != nil {
			return c, "", fmt.Errorf("-%w", err)
		}
	}
	out = q.Out
	if out == "" {
		out = filepath.Join("runs", c.Name)
		for k := 2; !q.Resume && taken(out); k++ {
			out = filepath.Join("runs", fmt.Sprintf("%s-%d", c.Name, k))
		}
	}
	switch {
	case q.DryRun:
	case q.Resume && !hasCheckpoint(out):
		return c, "", fmt.Errorf("%s: no %s to resume from", out, model.Checkpoint)
	case !q.Resume && hasCheckpoint(out):
		return c, "", fmt.Errorf("%s holds a run already: -resume goes on with it, another -out starts anew", out)
	}
	return c, out, nil
}

// hasCheckpoint says whether there is something in a folder to resume from.
func hasCheckpoint(dir string) bool {
	path := filepath.Join(dir, model.Checkpoint)
	_, err := os.Stat(path)
	_, errPrevious := os.Stat(model.Previous(path))
	return err == nil || errPrevious == nil
}

// taken says whether a run has begun in a folder.
func taken(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "log.jsonl"))
	return err == nil || hasCheckpoint(dir)
}
