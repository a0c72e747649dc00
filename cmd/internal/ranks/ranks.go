// Package ranks is what commands that share their work out to several processes do alike:
// they join the job that they were started in, one of them prints, and an error of one
// ends all. Without -tags mpi a process is always alone.
package ranks

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"equifm/nn/parallel"
)

// Main is a command: it joins the job, calls f with the ranks, nil for a process alone,
// and what to print on, and ends the process. What f returns as an error is printed, and makes
// the exit status 1, or what its method ExitCode says.
func Main(name string, f func(r parallel.Ranks, stdout, stderr io.Writer) error) {
	r, leave, err := join()
	if err == nil {
		err = f(r, forLeader(r, os.Stdout), forLeader(r, os.Stderr))
	}
	status := 0
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		status = 1
		if coded := interface{ ExitCode() int }(nil); errors.As(err, &coded) {
			status = coded.ExitCode()
		}
		if !parallel.Leads(r) {
			time.Sleep(patience)
			name = fmt.Sprintf("%s, rank %d", name, r.Rank())
		}
		Complain(os.Stderr, name, err)
	}
	leave(status)
	os.Exit(status)
}

// forLeader returns w at the rank that prints.
func forLeader(r parallel.Ranks, w io.Writer) io.Writer {
	if parallel.Leads(r) {
		return w
	}
	return io.Discard
}

// patience is how long a rank with an error waits whether it is that of all: then the
// first says it, and ends the others.
const patience = 5 * time.Second

// Complain prints an error, which may be several, each on a line of its own behind a name.
func Complain(w io.Writer, name string, err error) {
	fmt.Fprintln(w, name+": "+strings.ReplaceAll(err.Error(), "\n", "\n"+name+": "))
}
