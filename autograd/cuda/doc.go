// Package cuda computes on a graphics card of NVIDIA's: memory there, matrix products
// by cuBLAS, and kernels of one's own, compiled from their source when the card is
// opened.
//
// Nothing of CUDA is needed to build. A program built with -tags cublas, on Linux, looks
// for three libraries when [Open] is called: libcuda, which comes with the driver,
// libnvrtc, which compiles, and libcublas. The environment variable EQUIFM_CUDA names
// folders to look in before the system's, separated by colons. A program built without
// the tag has no such code in it. Both return an [*Unavailable] where there is no card.
//
//	dev, err := cuda.Open(source, cuda.Options{})
//	x := dev.New(n)                       // n numbers
//	dev.Write(x, data)
//	dev.Launch("name", n, cuda.Int(3), x) // n threads of kernel name, in order
//	dev.Gemm(...)                         // after it
//	dev.Read(data, x)                     // and waits
//	err = dev.Err()
//
// # Errors
//
// The first error stays, as in a bufio.Writer: every later call does nothing and [Device.Err]
// returns it, so that a computation asks once, at its end. Sizes and types of what a
// kernel or a product is given are checked before it starts, and a wrong one is a panic:
// on a card it would write over something else.
//
// # The same bits
//
// All work is on one stream. cuBLAS promises the same bits from run to run on cards of one
// kind then, with its atomics off, as they are here. Products are in float32, or with
// Options.TF32 in the card's 19 bits.
//
// # Without a card
//
// Package shim below compiles the source of kernels with g++, each launch a loop, together
// with stand-ins for the few entries used of the three libraries. Kernels have to be
// written for it: one thread a number, no shared memory, no barriers. Tests hold what it
// computes to the processor's own operations.
//
// What to read: api.go has every entry that is used, device.go how a card is opened and
// closed, memory.go, gemm.go, launch.go. blas.go is the BLAS interface of package autograd
// over it, copying operands for each product: a whole network belongs on the card instead,
// see package egnn/resident.
package cuda
