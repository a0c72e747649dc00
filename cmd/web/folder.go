package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"equifm/cmd/internal/files"
)

// site is the files of the page, by name.
type site map[string][]byte

// mark is in every index.html that is ours.
const mark = `<meta name="generator" content="equifm cmd/web">`

// checkFolder returns an error where the page would replace what is not a page of ours.
func checkFolder(dir string) error {
	index := filepath.Join(dir, "index.html")
	switch there, err := os.ReadFile(index); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !bytes.Contains(there, []byte(mark)):
		return fmt.Errorf("%s is not a page that this command wrote; expected a new folder, or one with such a page", index)
	}
	return nil
}

// write writes the files, index.html last, and returns how many bytes they are.
func (s site) write(dir string) (size int, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, err
	}
	names := slices.Sorted(maps.Keys(s))
	last := slices.Index(names, "index.html")
	names = append(slices.Delete(names, last, last+1), "index.html")
	for _, name := range names {
		if err := files.Replace(filepath.Join(dir, name), func(w io.Writer) error {
			_, err := w.Write(s[name])
			return err
		}); err != nil {
			return 0, err
		}
		size += len(s[name])
	}
	return size, nil
}
