package run

import (
	"fmt"
	"io"
	"path/filepath"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
)

// Open begins the run in its folder, or takes up the one there. With From, another
// model, a new run starts at its weights, or if it is to cool down goes on from its
// checkpoint; that model stays as it is.
func (r *Run) Open(f *Folder, q Request) error {
	r.Dir = f.Dir
	fmt.Fprintf(r.screen, "run folder: %s\n", r.Dir)
	switch {
	case q.Resume:
		if err := r.recover(); err != nil {
			return err
		}
	case q.Cooldown > 0:
		if err := r.resume(q.From); err != nil {
			return err
		}
	case q.From != "":
		taken, err := checkpoint.Start(q.From, &r.State)
		if err != nil {
			return err
		}
		r.sayTaken(q.From, taken)
	}
	if err := files.Replace(r.path("config.toml"), func(w io.Writer) error {
		_, err := io.WriteString(w, r.Config.String())
		return err
	}); err != nil {
		return err
	}
	return r.openLog()
}

// recover takes up the training where the last good checkpoint has it.
func (r *Run) recover() error {
	path := r.path(trained.Checkpoint)
	note, err := checkpoint.Recover(path)
	if err != nil {
		return err
	}
	if note != "" {
		fmt.Fprintf(r.screen, "WARNING: %s\n", note)
	}
	return r.resume(path)
}

// resume takes up the training where a checkpoint has it.
func (r *Run) resume(path string) error {
	was, err := checkpoint.Resume(path, &r.State)
	if err != nil {
		return err
	}
	changes := config.Diff(was, r.Config)
	for _, change := range changes {
		fmt.Fprintf(r.screen, "note: not as before: %s\n", change)
	}
	if len(changes) > 0 {
		r.Losses = nil // another loss, it may be, is not judged by them
	}
	r.cpu += r.Model.CPU
	fmt.Fprintf(r.screen, "resuming after step %d\n", r.Model.Step)
	return nil
}

// Close ends the log.
func (r *Run) Close() { r.log.Close() }

func (r *Run) path(name string) string { return filepath.Join(r.Dir, name) }
