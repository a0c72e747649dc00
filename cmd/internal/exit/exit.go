// Package exit says by what number a command ends:
//
//	0    it is done, or help was asked for
//	1    something failed: a file is missing, damaged or cannot be written, a network is
//	     away, a disk full, a loss not finite. The same command may go well another time.
//	2    the command has to be said otherwise: a flag, a name or a configuration that cannot
//	     be understood, or flags that do not go together or ask of a model what it cannot do;
//	     or, of -device, another program or machine is needed
//	128  and the signal's number, for a signal that it heeded: 130 for an interrupt, 143 for
//	     SIGTERM, 129 for a hangup, with all that was done so far saved
//
// An error is of 2 if it is a [Usage], or what package config has for a bad configuration or
// an unknown name; what a path leads to, and not how it is spelled, is the world's, and of 1.
package exit

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"time"

	"equifm/egnn/trained/config"
)

// Usage is an error of the command line.
type Usage struct{ Err error }

func (u Usage) Error() string { return u.Err.Error() }

func (u Usage) Unwrap() error { return u.Err }

// Signal is why a context ended.
type Signal struct{ os.Signal }

func (s Signal) Error() string { return s.String() }

// Code returns the number for an error, which is nil for 0.
func Code(err error) int {
	var (
		usage    Usage
		problems *config.Problems
		unknown  *config.Unknown
		sig      Signal
		coded    interface{ ExitCode() int }
	)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &sig):
		if n, ok := sig.Signal.(syscall.Signal); ok {
			return 128 + int(n)
		}
		return 1
	case errors.As(err, &coded):
		return coded.ExitCode()
	case errors.As(err, &usage), errors.As(err, &problems), errors.As(err, &unknown):
		return 2
	}
	return 1
}

// once is how long after a signal another one is taken for the same: timeout(1) sends its
// own twice, to the program and to its group.
const once = time.Second

// Heed lets the first of some signals end the context of f, with Signal as its cause, and
// hands one that comes more than once later to the system: it ends the program. With the
// first, then is called, unless it is nil. Signals that are ignored, as SIGHUP under nohup,
// stay so.
func Heed(ctx context.Context, signals []os.Signal, then func(), f func(context.Context) error) error {
	var heeded []os.Signal
	for _, s := range signals {
		if !signal.Ignored(s) {
			heeded = append(heeded, s)
		}
	}
	if len(heeded) == 0 { // which would mean all to Notify
		return f(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	came := make(chan os.Signal, 1)
	signal.Notify(came, heeded...)
	defer signal.Stop(came)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case s := <-came:
			if then != nil {
				then()
			}
			cancel(Signal{s})
			select {
			case <-time.After(once):
				signal.Stop(came)
			case <-ended:
			}
		case <-ctx.Done():
		}
	}()
	return f(ctx)
}

// Cause adds to an error the signal that ended a context, if one has, for Code to find.
func Cause(ctx context.Context, err error) error {
	if sig := new(Signal); err != nil && errors.As(context.Cause(ctx), sig) {
		return signalled{err, *sig}
	}
	return err
}

// signalled is an error that a signal is behind, which its words need not say.
type signalled struct {
	error
	Signal Signal
}

func (s signalled) Unwrap() []error { return []error{s.error, s.Signal} }
