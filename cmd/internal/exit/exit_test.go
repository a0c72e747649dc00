package exit

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
)

func TestCodes(t *testing.T) {
	_, bad := config.Parse("[train]\nlr = -1", "x.toml")
	_, _, unknown := config.Load("nosuch")
	_, noModel := trained.Open("nosuch")
	_, _, absent := config.Load("./nosuch.toml")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(Signal{os.Interrupt})
	stopped := errors.New("stopped after step 4")
	for want, errs := range map[int][]error{
		0:   {nil, flag.ErrHelp, Cause(ended, nil)},
		1:   {errors.New("disk full"), absent, Cause(t.Context(), stopped)},
		2:   {Usage{errors.New("-n 0")}, bad, fmt.Errorf("run: %w", bad), fmt.Errorf("run: %w", unknown), errors.Join(stopped, noModel)},
		130: {Cause(ended, stopped), fmt.Errorf("%w; go on", Cause(ended, stopped))},
		143: {Signal{syscall.SIGTERM}},
	} {
		for _, err := range errs {
			if got := Code(err); got != want {
				t.Errorf("%v: %d, want %d", err, got, want)
			}
		}
	}
	if err := Cause(ended, stopped); err.Error() != stopped.Error() || !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
}

// A signal ends the context and is its cause; one that comes with it changes nothing; what f
// returns is returned.
func TestHeed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signal can be sent here")
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan bool, 1)
	err = Heed(t.Context(), []os.Signal{syscall.SIGTERM}, func() { called <- true }, func(ctx context.Context) error {
		if err := self.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		<-ctx.Done()
		if err := self.Signal(syscall.SIGTERM); err != nil { // as timeout(1) does
			return err
		}
		time.Sleep(20 * time.Millisecond) // for it to end the test, if it does
		return Cause(ctx, errors.New("stopped"))
	})
	if <-called; Code(err) != 143 || err.Error() != "stopped" {
		t.Errorf("error %v, code %d", err, Code(err))
	}
	plain := errors.New("plain")
	if err := Heed(t.Context(), nil, nil, func(context.Context) error { return plain }); err != plain {
		t.Errorf("error %v", err)
	}
}
