package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/model"
)

// place decides on the configuration and the run's folder. A folder with a
// checkpoint in it is never written over. Without -out the run goes beside any
// that has begun, for that one may be running still.
// A run that goes on without -config keeps the configuration in its folder.
func (o options) place() (c config.Config, out string, err error) {
	name := o.config
	if name == "" {
		name = "tiny"
		if dir := cmp.Or(o.out, filepath.Join("runs", name)); o.resume && hasCheckpoint(dir) {
			name, o.out = filepath.Join(dir, "config.toml"), dir
		}
	}
	if c, err = config.Load(name); err != nil {
		return c, "", err
	}
	if o.seeded {
		c.Seed = o.seed
		if err = c.Check(); err != nil {
			return c, "", fmt.Errorf("-%w", err)
		}
	}
	out = o.out
	if out == "" {
		out = filepath.Join("runs", c.Name)
		for k := 2; !o.resume && taken(out); k++ {
			out = filepath.Join("runs", fmt.Sprintf("%s-%d", c.Name, k))
		}
	}
	switch {
	case o.dryRun:
	case o.resume && !hasCheckpoint(out):
		return c, "", fmt.Errorf("%s: no %s to resume from", out, model.Checkpoint)
	case !o.resume && hasCheckpoint(out):
		return c, "", fmt.Errorf("%s holds a run already: -resume goes on with it, another -out starts anew", out)
	}
	return c, out, nil
}

func hasCheckpoint(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, model.Checkpoint))
	return err == nil
}

// taken says whether a run has begun in a folder.
func taken(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "log.jsonl"))
	return err == nil || hasCheckpoint(dir)
}
