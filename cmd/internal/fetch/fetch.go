// Package fetch brings a file from a server that may stall, stop, send something else or
// lie: what is at its place in the end was looked at, and is whole or not there.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// File is what is to be fetched.
type File struct {
	Address string
	Path    string                  // where it is to be; what there is of it so far lies beside it
	SHA256  string                  // in hexadecimal; "" where nobody says
	Magic   string                  // first bytes
	Most    int64                   // bytes at most
	Check   func(path string) error // whether it is what it should be

	Stall time.Duration // without a byte, after which a connection is given up
	Tries int
	Pause time.Duration // before the second try, twice as long before the next, …
}

// Get fetches the file, unless it is there, and says on w how it goes. What an earlier Get
// has fetched it goes on with; what fails its checks it removes.
func (f File) Get(ctx context.Context, w io.Writer) error {
	if _, err := os.Stat(f.Path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
		return err
	}
	fmt.Fprintf(w, "fetching %s to %s\n", f.Address, f.Path)
	part, err := os.OpenFile(f.part(), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	defer part.Close()
	pause := f.Pause
	for try := 1; ; try++ {
		err = f.fetch(ctx, part, w)
		if final := new(finalError); err == nil || errors.As(err, final) || try == f.Tries || ctx.Err() != nil {
			break
		}
		fmt.Fprintf(w, "note: %v; trying again\n", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause *= 2
	}
	if err == nil {
		err = f.verify(part)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.Address, err)
	}
	if err := os.Rename(f.part(), f.Path); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s is there, and is what it should be\n", f.Path)
	return nil
}

func (f File) part() string { return f.Path + ".part" }

// finalError is one that another try would not change.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// fetch asks for what is missing and writes it behind what is there.
func (f File) fetch(ctx context.Context, part *os.File, w io.Writer) error {
	at, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(f.Stall, func() { cancel(fmt.Errorf("nothing came for %v", f.Stall)) })
	defer watchdog.Stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Address, nil)
	if err != nil {
		return finalError{err}
	}
	if at > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", at))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return because(ctx, err)
	}
	defer response.Body.Close()
	size := response.ContentLength
	switch response.StatusCode {
	case http.StatusOK: // from the beginning, whatever was asked for
		at = 0
		if err := part.Truncate(0); err != nil {
			return err
		}
	case http.StatusPartialContent:
		var from int64
		if n, err := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-", &from); n != 1 || err != nil || from != at {
			part.Truncate(0)
			return fmt.Errorf("asked for bytes from %d on, it sends %q: beginning anew", at, response.Header.Get("Content-Range"))
		}
	case http.StatusRequestedRangeNotSatisfiable: // there is no more; the checks tell whether that is all
		return nil
	default:
		err := fmt.Errorf("it answers %s", response.Status)
		if response.StatusCode >= 400 && response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
			return finalError{err}
		}
		return err
	}
	if _, err := part.Seek(at, io.SeekStart); err != nil {
		return err
	}
	body := &lively{response.Body, watchdog, f.Stall, w, at, at + size, time.Now()}
	n, err := io.Copy(part, io.LimitReader(body, f.Most-at+1))
	switch {
	case err != nil:
		return because(ctx, err)
	case at+n > f.Most:
		part.Truncate(0)
		return finalError{fmt.Errorf("it sends more than %d bytes, which is not the file", f.Most)}
	case size >= 0 && n < size:
		return fmt.Errorf("it stops after %d of %d bytes", at+n, at+size)
	}
	return nil
}

// because returns the reason why a context ended, if that is why something failed.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// lively puts the watchdog off at every byte, and says now and then how far it is.
type lively struct {
	r        io.Reader
	watchdog *time.Timer
	stall    time.Duration
	w        io.Writer
	at, of   int64
	said     time.Time
}

func (l *lively) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if n > 0 {
		l.watchdog.Reset(l.stall)
	}
	if l.at += int64(n); time.Since(l.said) > 5*time.Second {
		l.said = time.Now()
		fmt.Fprintf(l.w, "%.1f of %.1f MB\n", float64(l.at)/1e6, float64(l.of)/1e6)
	}
	return n, err
}

// verify looks at what was fetched, and removes it if it is something else.
func (f File) verify(part *os.File) (err error) {
	defer func() {
		if err != nil {
			os.Remove(f.part())
			err = fmt.Errorf("what came is not the file, and is removed: %w", err)
		}
	}()
	if err := part.Sync(); err != nil {
		return err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return err
	}
	first := make([]byte, len(f.Magic))
	if n, _ := io.ReadFull(part, first); string(first[:n]) != f.Magic {
		return fmt.Errorf("expected it to begin with %q, found %q", f.Magic, first[:n])
	}
	if f.SHA256 != "" {
		if _, err := part.Seek(0, io.SeekStart); err != nil {
			return err
		}
		h := sha256.New()
		if _, err := io.Copy(h, part); err != nil {
			return err
		}
		if sum := hex.EncodeToString(h.Sum(nil)); sum != f.SHA256 {
			return fmt.Errorf("expected the SHA-256 %s, found %s", f.SHA256, sum)
		}
	}
	return f.Check(f.part())
}
