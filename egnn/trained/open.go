package trained

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"equifm/egnn"
	"equifm/nn/safetensors"
)

// Checkpoint is the file of a run's model, in its folder.
const Checkpoint = "checkpoint.safetensors"

// Previous returns where a run keeps the checkpoint before the one at path.
func Previous(path string) string {
	ending := filepath.Ext(path)
	return strings.TrimSuffix(path, ending) + ".previous" + ending
}

// Open reads a model: a built-in one by its name, or a checkpoint by its path or
// by that of the folder of its run. Errors name the file.
func Open(name string) (*Model, error) {
	f, path, err := OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, path)
}

// OpenFile opens what Open reads, for whoever wants more of the file than the
// model, and returns the path of it, for errors.
func OpenFile(name string) (f *safetensors.File, path string, err error) {
	if content, ok := builtIn[name]; ok {
		f, err = safetensors.NewFile(name, strings.NewReader(content), int64(len(content)))
		return f, name, err
	}
	path = name
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `./\`):
		return nil, "", unknown(name)
	case err == nil && info.IsDir():
		path = filepath.Join(name, Checkpoint)
	}
	f, err = safetensors.Open(path)
	if err == nil {
		return f, path, nil
	}
	if _, there := os.Stat(Previous(path)); there == nil {
		err = fmt.Errorf("%w; the checkpoint before it is %s", err, Previous(path))
	}
	return nil, "", err
}

// Read reads a model from an open checkpoint of that name. Its field has the
// averaged parameters for its own.
func Read(f *safetensors.File, name string) (*Model, error) {
	m, err := describe(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if m.Field, err = egnn.New[float32](m.Config.Shape()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.Average = m.Field.Params().Data
	return m, m.Field.Params().Load(f, "ema.", m.Average)
}
