package files

import (
	"errors"
	"os"
)

// Log is a file that only grows.
type Log struct{ f watched }

// OpenLog opens a file to write behind what is in it, or makes it.
func OpenLog(path string) (*Log, error) {
	if err := ask("create", path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	return &Log{watched{f}}, nil
}

// Write writes behind the rest.
func (l *Log) Write(p []byte) (int, error) { return l.f.Write(p) }

// Sync has what was written on the disk when it returns.
func (l *Log) Sync() error { return l.f.Sync() }

// Close closes the file.
func (l *Log) Close() error { return l.f.Close() }

// Append writes text behind what is in a file, on the disk.
func Append(path string, text []byte) error {
	l, err := OpenLog(path)
	if err != nil {
		return err
	}
	_, err = l.Write(text)
	return errors.Join(err, l.Sync(), l.Close())
}
