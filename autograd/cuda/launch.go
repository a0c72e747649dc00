package cuda

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unsafe"
)

// Arg is what a kernel is given after the number of its threads: Int, Float or Memory.
// A Memory of no numbers is the null pointer.
type Arg interface {
	arg() (kind byte, bits uint64)
}

// Int is a kernel's int.
type Int int32

// Float is a kernel's float.
type Float float32

func (i Int) arg() (byte, uint64)    { return 'i', uint64(uint32(i)) }
func (f Float) arg() (byte, uint64)  { return 'f', uint64(math.Float32bits(float32(f))) }
func (m Memory) arg() (byte, uint64) { return 'p', m.at }

// kernel is one on the card.
type kernel struct {
	function uintptr
	entry    string            // what a launch is called where it fails
	kinds    string            // of its arguments, a letter each
	slots    [mostArgs]uint64  // where the next launch's arguments lie,
	args     [mostArgs]*uint64 // and where each is, for the driver to read while Launch runs
}

const (
	mostArgs     = 24
	blockThreads = 256
)

// Launch starts so many threads of a kernel, whose first argument is their number, with
// these for the others.
func (d *Device) Launch(name string, threads int, args ...Arg) {
	k := d.kernels[name]
	if k == nil {
		panic(fmt.Sprintf("cuda: Launch: no kernel %q", name))
	}
	if threads < 1 || threads > math.MaxInt32-blockThreads {
		panic(fmt.Sprintf("cuda: Launch: %d threads of %s, expected 1 to %d", threads, name, math.MaxInt32-blockThreads))
	}
	k.set(name, threads, args)
	blocks := uint32((threads + blockThreads - 1) / blockThreads)
	d.check(k.entry, func() int32 {
		return d.api.Launch(k.function, blocks, 1, 1, blockThreads, 1, 1, 0, 0, (*uintptr)(unsafe.Pointer(&k.args[0])), nil)
	})
}

// set lays out the arguments, which have to be of the kernel's types.
func (k *kernel) set(name string, threads int, args []Arg) {
	good := len(args)+1 == len(k.kinds)
	for i := 0; good && i < len(args); i++ {
		var kind byte
		kind, k.slots[i+1] = args[i].arg()
		good = kind == k.kinds[i+1]
	}
	if !good {
		given := "i"
		for _, a := range args {
			kind, _ := a.arg()
			given += string(kind)
		}
		panic(fmt.Sprintf("cuda: Launch: %s takes %s, not %s (p a pointer, i an int, f a float)", name, k.kinds, given))
	}
	_, k.slots[0] = Int(threads).arg()
	for i := range k.kinds {
		k.args[i] = &k.slots[i]
	}
}

var declaration = regexp.MustCompile(`(?s)extern "C" __global__ void (\w+)\((.*?)\)`)

// signatures finds the kernels in a source.
func signatures(source string) (map[string]*kernel, error) {
	kernels := map[string]*kernel{}
	for _, found := range declaration.FindAllStringSubmatch(source, -1) {
		k := &kernel{entry: "cuLaunchKernel of " + found[1]}
		for _, parameter := range strings.Split(found[2], ",") {
			switch {
			case strings.Contains(parameter, "*"):
				k.kinds += "p"
			case strings.HasPrefix(strings.TrimSpace(parameter), "int "):
				k.kinds += "i"
			case strings.HasPrefix(strings.TrimSpace(parameter), "float "):
				k.kinds += "f"
			default:
				return nil, fmt.Errorf("cuda: kernel %s: parameter %q, expected a pointer, an int or a float", found[1], strings.TrimSpace(parameter))
			}
		}
		if len(k.kinds) > mostArgs || k.kinds[0] != 'i' {
			return nil, fmt.Errorf("cuda: kernel %s has %d parameters, expected at most %d, the number of threads first", found[1], len(k.kinds), mostArgs)
		}
		kernels[found[1]] = k
	}
	return kernels, nil
}
