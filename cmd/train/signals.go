package main

import (
	"context"
	"os"
	"os/signal"
)

// interruptible lets the first signal to stop, or to hang up, end the context of
// f, a training, which then saves. A second one to stop ends the program at once,
// as does any before and after training: the checkpoint is complete.
func interruptible(ctx context.Context, f func(context.Context) error) error {
	var heeded []os.Signal
	for _, s := range stopping {
		if !signal.Ignored(s) { // as SIGHUP is under nohup
			heeded = append(heeded, s)
		}
	}
	if len(heeded) == 0 { // which would mean all to NotifyContext
		return f(ctx)
	}
	ctx, stop := signal.NotifyContext(ctx, heeded...)
	defer stop()
	defer context.AfterFunc(ctx, func() {
		ignoreHangup() // a terminal that closes may send several
		stop()
	})()
	return f(ctx)
}
