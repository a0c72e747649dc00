package experiment

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"equifm/cmd/internal/files"
)

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
