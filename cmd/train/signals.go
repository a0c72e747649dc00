package main

import (
	"context"

	"equifm/cmd/internal/exit"
)

// interruptible lets the first signal to stop, or to hang up, end the context of
// f, a training, which then saves, or a sample, which is kept as far as it went. A second one to stop ends the program at once,
// as does any before and between them: the checkpoint is complete. A terminal that
// closes may send several hangups.
func interruptible(ctx context.Context, f func(context.Context) error) error {
	return exit.Heed(ctx, stopping, ignoreHangup, func(ctx context.Context) error { return exit.Cause(ctx, f(ctx)) })
}
