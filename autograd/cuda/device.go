package cuda

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Options say how a card computes.
type Options struct {
	TF32 bool // products with operands rounded to 10 bits of mantissa, several times faster
}

// Device is a card with one program's kernels on it. It serves one goroutine at a time,
// between Bind and the function that Bind returns.
type Device struct {
	Name string // as the driver says

	api     *API
	ordinal int32
	context uintptr
	blas    uintptr
	module  uintptr
	kernels map[string]*kernel
	live    map[uint64]uint64 // bytes by address
	bytes   uint64            // of all
	most    uint64            // of bytes, so far
	scalars [2]float32        // alpha and beta of a product, where they do not move
	err     error
}

// Open takes the system's first card and compiles source for it. The error is an
// *Unavailable where there is none.
func Open(source string, o Options) (*Device, error) {
	api, err := load(filepath.SplitList(os.Getenv("EQUIFM_CUDA")))
	if err != nil {
		return nil, &Unavailable{err}
	}
	return New(api, source, o)
}

// New is Open over libraries that are loaded already, or functions in their place.
func New(api *API, source string, o Options) (*Device, error) {
	d := &Device{api: api, live: map[uint64]uint64{}}
	var err error
	if d.kernels, err = signatures(source); err != nil {
		return nil, err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	d.find()
	if err = d.err; err != nil {
		return nil, &Unavailable{errors.Join(err, d.Close())}
	}
	d.build(source)
	d.startBlas(o)
	if err = d.err; err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// find takes the first card.
func (d *Device) find() {
	name := make([]byte, 256)
	d.check("cuInit", func() int32 { return d.api.Init(0) })
	d.check("cuDeviceGet", func() int32 { return d.api.DeviceGet(&d.ordinal, 0) })
	d.check("cuDeviceGetName", func() int32 { return d.api.DeviceGetName(&name[0], int32(len(name)), d.ordinal) })
	d.check("cuDevicePrimaryCtxRetain", func() int32 { return d.api.ContextRetain(&d.context, d.ordinal) })
	d.check("cuCtxSetCurrent", func() int32 { return d.api.ContextSetCurrent(d.context) })
	d.Name, _, _ = strings.Cut(string(name), "\x00")
}

// startBlas makes cuBLAS ready.
func (d *Device) startBlas(o Options) {
	mode := int32(mathDefault)
	if o.TF32 {
		mode = mathTF32
	}
	d.check("cublasCreate", func() int32 { return d.api.BlasCreate(&d.blas) })
	d.check("cublasSetMathMode", func() int32 { return d.api.BlasSetMath(d.blas, mode) })
	d.check("cublasSetAtomicsMode", func() int32 { return d.api.BlasSetAtomics(d.blas, atomicsOff) })
}

// Bind makes the card ready for calls by this goroutine, until the function it returns
// is called: to CUDA a card belongs to a thread.
func (d *Device) Bind() (unbind func()) {
	runtime.LockOSThread()
	d.check("cuCtxSetCurrent", func() int32 { return d.api.ContextSetCurrent(d.context) })
	return runtime.UnlockOSThread
}

// Err returns the first error since the card was opened. A card that has failed is not
// used again.
func (d *Device) Err() error { return d.err }

// Wait waits until everything that was asked for is done.
func (d *Device) Wait() {
	d.check("cuCtxSynchronize", func() int32 { return d.api.ContextSynchronize() })
}

// Close gives back everything that the card holds. All is tried, whatever fails.
func (d *Device) Close() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	d.err = nil
	var failed []error
	try := func(entry string, held *uintptr, call func() int32) {
		if *held == 0 {
			return
		}
		*held = 0
		d.check(entry, call)
		if d.err != nil {
			failed, d.err = append(failed, d.err), nil
		}
	}
	if held := d.context; held != 0 {
		try("cuCtxSetCurrent", &held, func() int32 { return d.api.ContextSetCurrent(d.context) })
	}
	for at := range d.live {
		held := uintptr(1)
		try("cuMemFree", &held, func() int32 { return d.api.MemoryFree(at) })
	}
	blas, module := d.blas, d.module
	try("cublasDestroy", &d.blas, func() int32 { return d.api.BlasDestroy(blas) })
	try("cuModuleUnload", &d.module, func() int32 { return d.api.ModuleUnload(module) })
	try("cuDevicePrimaryCtxRelease", &d.context, func() int32 { return d.api.ContextRelease(d.ordinal) })
	d.live, d.bytes = map[uint64]uint64{}, 0
	d.err = errors.New("cuda: the device was closed")
	return errors.Join(failed...)
}

// check makes a call unless one has failed, and keeps what it fails with.
func (d *Device) check(entry string, call func() int32) {
	if d.err != nil {
		return
	}
	if code := call(); code != 0 {
		d.err = fmt.Errorf("cuda: %s: %s", entry, d.describe(entry, code))
	}
}

// describe returns what a code means.
func (d *Device) describe(entry string, code int32) string {
	text := fmt.Sprintf("error %d", code)
	if !strings.HasPrefix(entry, "cu") || strings.HasPrefix(entry, "cublas") {
		return text
	}
	var name *byte
	if d.api.ErrorName(code, &name) == 0 && name != nil {
		text += ", " + goString(name)
	}
	if code == 2 {
		text += fmt.Sprintf(" (%d MB are held): a smaller batch may help", d.bytes>>20)
	}
	return text
}
