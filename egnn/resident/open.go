package resident

import (
	_ "embed"

	"equifm/autograd/cuda"
)

//go:embed kernels.cu
var kernels string

// Open opens a card with this package's kernels: see cuda.Open.
func Open(o cuda.Options) (*cuda.Device, error) { return cuda.Open(kernels, o) }

// Source is the kernels, to open them by cuda.New.
func Source() string { return kernels }
