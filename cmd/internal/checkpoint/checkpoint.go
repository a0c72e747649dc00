// Package checkpoint saves a training, model and trainer, and takes it up again.
// What it writes, package trained reads as a model.
package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/nn/safetensors"
)

// publish writes a checkpoint, reads it back, and only then puts it in the place
// of the last one, which stays as trained.Previous.
func publish(path string, tensors []safetensors.Tensor, metadata map[string]string) error {
	for _, t := range tensors {
		if err := finite(t); err != nil {
			return err
		}
	}
	write := func(w io.Writer) error { return safetensors.WriteSealed(w, tensors, metadata) }
	keep := func(string) error {
		if err := files.Keep(path, trained.Previous(path)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil // there is none before the first
	}
	return files.Replace(path, write, verify, keep)
}

// finite returns an error for a tensor that holds a NaN or an infinity: no step
// ever gets rid of it again.
func finite(t safetensors.Tensor) error {
	bad, at := 0, -1
	for i := range t.Len() {
		var v float64
		if t.F64 != nil {
			v = t.F64[i]
		} else {
			v = float64(t.F32[i])
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if bad++; at < 0 {
				at = i
			}
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d numbers of %q are not finite, the first at %d", bad, t.Len(), t.Name, at)
	}
	return nil
}

// verify reads a sealed file, and holds it against its checksums.
func verify(path string) error {
	f, err := safetensors.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// Recover puts the previous checkpoint back in the place of the one at path, if
// that is damaged or gone, and says so; the damaged one is moved aside. It returns
// "" where nothing is amiss.
//
// Going back costs nothing but time, since the steps taken again end in the same
// bits; a run that refused to go on could stand still for a night.
func Recover(path string) (note string, err error) {
	if f, err := os.Open(path); err == nil {
		f.Close()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err // it may well be good
	}
	damage := verify(path)
	if damage == nil {
		return "", nil
	}
	if err := verify(trained.Previous(path)); err != nil {
		return "", fmt.Errorf("%w; the checkpoint before it: %w", damage, err)
	}
	note = damage.Error()
	if !errors.Is(damage, fs.ErrNotExist) {
		ending := filepath.Ext(path)
		aside := strings.TrimSuffix(path, ending) + ".damaged" + ending
		if err := files.Keep(path, aside); err != nil {
			return "", err
		}
		note += fmt.Sprintf("; it is now %s", filepath.Base(aside))
	}
	note += fmt.Sprintf("; going back to the checkpoint before it, %s", filepath.Base(trained.Previous(path)))
	return note, files.Keep(trained.Previous(path), path)
}

// Config returns the configuration that the checkpoint of a run's folder was saved
// with, or the one before it where that is damaged or gone.
func Config(dir string) (config.Config, error) {
	path := filepath.Join(dir, trained.Checkpoint)
	m, err := trained.Open(path)
	if err == nil {
		return m.Config, nil
	}
	m, errPrevious := trained.Open(trained.Previous(path))
	if errPrevious != nil {
		return config.Config{}, fmt.Errorf("%w: %w", err, errPrevious)
	}
	return m.Config, nil
}
