package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible lets the first interrupt end the context of f, a training, which
// then saves. A second one ends the program at once, as does any before and after
// training: the checkpoint is complete.
func interruptible(ctx context.Context, f func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return f(ctx)
}
