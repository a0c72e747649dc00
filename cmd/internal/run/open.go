package run

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/nn/parallel"
)

// Open begins the run in its folder, or takes up the one there. With From, another
// model, a new run starts at its weights, or if it is to cool down goes on from its
// checkpoint; that model stays as it is. Of several ranks the first
// writes there.
func (r *Run) Open(f *Folder, q Request) error {
	if err := r.start(f.Dir, q); err != nil || !parallel.Leads(r.Ranks) {
		return err
	}
	if err := files.Replace(r.path("config.toml"), func(w io.Writer) error {
		_, err := io.WriteString(w, r.Config.String())
		return err
	}); err != nil {
		return err
	}
	return r.openLog()
}

// start takes up what there is to go on from.
func (r *Run) start(dir string, q Request) error {
	r.Dir = dir
	r.Data = fingerprint(r.Examples)
	fmt.Fprintf(r.screen, "run folder: %s\n", r.Dir)
	switch {
	case q.Resume:
		if err := r.recover(); err != nil {
			return err
		}
		if err := r.resume(r.path(trained.Checkpoint), q); err != nil {
			return err
		}
	case q.Cooldown > 0:
		if err := r.resume(q.From, q); err != nil {
			return err
		}
	case q.From != "":
		taken, err := checkpoint.Start(q.From, &r.State)
		if err != nil {
			return err
		}
		r.sayTaken(q.From, taken)
	}
	return r.sameEverywhere()
}

// recover puts the last good checkpoint in its place, before any rank reads it.
func (r *Run) recover() error {
	if !parallel.Leads(r.Ranks) {
		return r.wait()
	}
	note, err := checkpoint.Recover(r.path(trained.Checkpoint))
	if err != nil {
		return err
	}
	if note != "" {
		fmt.Fprintf(r.screen, "WARNING: %s\n", note)
	}
	return r.wait()
}

// resume takes up the training where a checkpoint has it. What would not have come
// there by the same steps is refused, unless it is asked for.
func (r *Run) resume(path string, q Request) error {
	was, err := checkpoint.Resume(path, &r.State)
	if err != nil {
		return err
	}
	changes := r.changes(was, q.Cooldown > 0)
	if len(changes) > 0 && !q.AllowChanges {
		return fmt.Errorf("%s: what goes on is not what was begun:\n  %s\ngo on as begun by -resume without -config and other flags, or with -allow-changes all the same",
			path, strings.Join(changes, "\n  "))
	}
	for _, change := range changes {
		fmt.Fprintf(r.screen, "note: not as before: %s\n", change)
	}
	if len(changes) > 0 {
		r.Losses = nil // another loss, it may be, is not judged by them
	}
	r.earlier = r.Model.CPU
	fmt.Fprintf(r.screen, "resuming after step %d\n", r.Model.Step)
	return nil
}

// Close ends the log.
func (r *Run) Close() {
	if r.log != nil {
		r.log.Close()
	}
}

func (r *Run) path(name string) string { return filepath.Join(r.Dir, name) }
