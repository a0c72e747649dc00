package main

import (
	"fmt"
	"os"
	"path/filepath"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/model"
)

// place decides on the configuration and the run's folder. A folder with a
// checkpoint in it is never written over: without -out the run goes beside it.
func (o options) place() (c config.Config, out string, err error) {
	name := o.config
	if o.resume && name == "" && hasCheckpoint(o.out) {
		name = filepath.Join(o.out, "config.toml")
	}
	if name == "" {
		name = "tiny"
	}
	if c, err = config.Load(name); err != nil {
		return c, "", err
	}
	if o.seeded {
		c.Seed = o.seed
	}
	out = o.out
	if out == "" {
		out = filepath.Join("runs", c.Name)
		for k := 2; !o.resume && hasCheckpoint(out); k++ {
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
