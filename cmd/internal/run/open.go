package run

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"equifm/cmd/internal/config"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/model"
)

// Open makes the run's folder, or takes up the run in it.
func (r *Run) Open(dir string, resume bool) error {
	r.Dir = dir
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	fmt.Fprintf(r.screen, "run folder: %s\n", dir)
	if resume {
		was, err := model.Resume(r.path(model.Checkpoint), r.Model, r.Trainer)
		if err != nil {
			return err
		}
		for _, change := range config.Diff(was, r.Config) {
			fmt.Fprintf(r.screen, "note: not as before: %s\n", change)
		}
		fmt.Fprintf(r.screen, "resuming after step %d\n", r.Model.Step)
	}
	if err := files.Replace(r.path("config.toml"), func(w io.Writer) error {
		_, err := io.WriteString(w, r.Config.String())
		return err
	}); err != nil {
		return err
	}
	return r.openLog()
}

// openLog opens log.jsonl behind its last whole line that is not younger than
// the checkpoint: steps taken again are not logged twice.
func (r *Run) openLog() (err error) {
	if r.log, err = os.OpenFile(r.path("log.jsonl"), os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return err
	}
	keep, lines := int64(0), bufio.NewReader(r.log)
	for {
		line, err := lines.ReadString('\n')
		var entry struct{ Step int }
		if err != nil || !decodes(line, &entry) || entry.Step < 1 || entry.Step > r.Model.Step {
			break
		}
		keep += int64(len(line))
	}
	if err := r.log.Truncate(keep); err != nil {
		return err
	}
	_, err = r.log.Seek(keep, io.SeekStart)
	return err
}

// Close ends the log.
func (r *Run) Close() { r.log.Close() }

func (r *Run) path(name string) string { return filepath.Join(r.Dir, name) }
