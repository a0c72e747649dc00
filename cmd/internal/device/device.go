// Package device is where a command has its networks computed: what its flag -device
// names. The processor is the nil Device. A card is another only in programs built with
// -tags cublas; others have no code for it.
package device

import (
	"fmt"
	"strings"

	"equifm/cmd/internal/exit"
	"equifm/egnn"
	"equifm/flow"
	"equifm/nn/parallel"
)

// Device is a card.
type Device interface {
	// Train has a trainer of net take its steps there, from the next on.
	Train(net *egnn.Field[float32], tr *flow.Trainer[float32]) error
	// Network returns net as it is evaluated there.
	Network(net *egnn.Field[float32]) (flow.Network[float32], error)
	// Close gives back all that the card holds.
	Close() error
}

// Together is how many molecules a card samples at once: fewer leave it idle.
const Together = 512

// names are those that -device may have.
var names = []string{"cpu", "cuda", "cuda-tf32"}

// Usage says so to a flag.
var Usage = "where the network is computed: " + strings.Join(names, ", ") + " (a card of NVIDIA's in float32, or with products in its 19 bits; needs a program built with -tags cublas)"

// Unavailable says why there is no such device here.
type Unavailable struct{ Cause error }

func (u *Unavailable) Error() string { return u.Cause.Error() }

// ExitCode is the status that a command ends with.
func (u *Unavailable) ExitCode() int { return 2 }

// Open takes a device by its name, nil for the processor. The error is an *Unavailable
// where this program or this machine has none.
// Of several ranks none has one.
func Open(name string, ranks parallel.Ranks) (Device, error) {
	if name != "cpu" && ranks != nil {
		return nil, exit.Usage{Err: fmt.Errorf("-device %s at each of %d ranks, expected cpu, or a process alone", name, ranks.Size())}
	}
	switch name {
	case "cpu":
		return nil, nil
	case "cuda":
		return open(false)
	case "cuda-tf32":
		return open(true)
	}
	return nil, exit.Usage{Err: fmt.Errorf("-device %s, expected one of %s", name, strings.Join(names, ", "))}
}
