package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Replace writes a file beside path and moves it there once it is complete and
// on the disk. Whatever goes wrong, a loss of power included, leaves the old file
// or the new one, whole. Between the two, with the new file closed, every f of
// ready gets its name; an error of one of them leaves the old file too.
//
// What a crash leaves beside path, at path.tmp, the next Replace writes over.
func Replace(path string, write func(w io.Writer) error, ready ...func(tmp string) error) error {
	return replace(path, create, write, ready)
}

// Before, unless it is nil, is asked before every operation on a file that this package
// does, by the name of the operation; its error takes the operation's place. Tests have it
// fail as a full disk does, or end everything there as a kill does. Programs leave it nil.
var Before func(operation, path string) error

// ask is Before.
func ask(operation, path string) error {
	if Before == nil {
		return nil
	}
	return Before(operation, path)
}

// remove removes a file, if it is there and can be.
func remove(path string) {
	if ask("remove", path) == nil {
		os.Remove(path)
	}
}

// rename is os.Rename.
func rename(from, to string) error {
	if err := ask("rename", to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// watched is a file whose operations Before hears of.
type watched struct{ *os.File }

func (w watched) Write(p []byte) (int, error) {
	if err := ask("write", w.Name()); err != nil {
		n, _ := w.File.Write(p[:len(p)/2]) // as a disk that fills up
		return n, err
	}
	return w.File.Write(p)
}

func (w watched) Sync() error {
	if err := ask("sync", w.Name()); err != nil {
		return err
	}
	return w.File.Sync()
}

func (w watched) Close() error {
	err := w.File.Close()
	if asked := ask("close", w.Name()); asked != nil {
		return asked
	}
	return err
}

// file is what of an *os.File can fail while it is written.
type file interface {
	io.WriteCloser
	Sync() error
}

// create makes a new file, never one that is there: what a crash left may be a
// second name of a file that is still good.
func create(path string) (file, error) {
	remove(path)
	if err := ask("create", path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return watched{f}, nil
}

func replace(path string, create func(path string) (file, error), write func(w io.Writer) error, ready []func(tmp string) error) (err error) {
	tmp := path + ".tmp"
	f, err := create(tmp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			remove(tmp)
		}
	}()
	if err := fill(f, write); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range ready {
		if err := f(tmp); err != nil {
			return err
		}
	}
	if err := rename(tmp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// fill writes a file, and closes it on the disk.
func fill(f file, write func(w io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// syncFolder puts the names in a folder on the disk, where the system can do
// that: Windows cannot, nor can some file systems.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	if err := ask("sync", dir); err != nil {
		return err
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// Keep makes what path holds now stay at as, whatever replaces it later: by a
// second name for it, or a copy where the file system has no such thing. At
// every moment there is a whole file at path, and at as if there was one.
func Keep(path, as string) error {
	tmp := as + ".tmp"
	remove(tmp) // a crash may have left one, and Link writes over nothing
	if err := ask("link", tmp); err != nil {
		return err
	}
	if err := os.Link(path, tmp); err != nil {
		return duplicate(path, as)
	}
	defer remove(tmp) // if both were one file before, Rename leaves both names
	return rename(tmp, as)
}

func duplicate(path, as string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return Replace(as, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
