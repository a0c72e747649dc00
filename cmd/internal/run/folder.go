package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is a run's folder while no other process may write to it.
type Folder struct {
	Dir  string
	lock *os.File // nil of a rank that does not write
}

// errLocked is what tryLock returns if another process, or another Folder of
// this one, holds the lock.
var errLocked = errors.New("locked")

// Claim makes the folder of a run, unless it is there, and takes it until Release
// or until the process ends, even by a kill: the lock is the system's, on a file
// named lock that stays. It finds out now, and not after the data is read, that
// nothing can be written there.
func Claim(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	probe.Close()
	os.Remove(probe.Name())
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	err = tryLock(f)
	if errors.Is(err, errors.ErrUnsupported) { // some network file systems have no locks
		err = nil
	}
	if err != nil {
		f.Close()
		if err == errLocked {
			return nil, fmt.Errorf("%s: another run is writing to it; wait for its end, or give this one another folder with -out", dir)
		}
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return &Folder{dir, f}, nil
}

// Release lets others have the folder.
func (f *Folder) Release() {
	if f.lock != nil {
		f.lock.Close()
	}
}
