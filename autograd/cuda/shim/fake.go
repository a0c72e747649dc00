package shim

import (
	"fmt"
	"reflect"
	"unsafe"

	"equifm/autograd/cuda"
)

// Fake stands in for the libraries in tests of what a program does when a call fails. It
// computes nothing; what is read from it is zeros.
type Fake struct {
	FailAt int    // number of the call that fails, from 1 on; 0 for none
	Calls  int    // so far
	Failed string // the call that did, by its name in cuda.API

	held map[string]int // by what it is: given out, and not yet given back
	at   uint64         // address that the next allocation has
	of   map[uint64]bool
}

// pairs says which call gives back what another gives out.
var pairs = map[string]string{
	"MemoryFree": "MemoryAlloc", "ModuleUnload": "ModuleLoad", "ContextRelease": "ContextRetain",
	"BlasDestroy": "BlasCreate", "ProgramDestroy": "ProgramCreate",
}

// API returns the functions.
func (f *Fake) API() *cuda.API {
	f.held, f.at, f.of = map[string]int{}, 1<<20, map[uint64]bool{}
	api := new(cuda.API)
	fields := reflect.ValueOf(api).Elem()
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		fields.Field(i).Set(reflect.MakeFunc(fields.Field(i).Type(), func(args []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(f.call(name, args))}
		}))
	}
	return api
}

// Held says what was given out and not given back, "" if nothing.
func (f *Fake) Held() (text string) {
	for name, n := range f.held {
		if n != 0 {
			text += fmt.Sprintf("%s %d ", name, n)
		}
	}
	return text
}

// call does what a call leaves behind, or fails. To have tried to give something back is
// enough: a card does not keep it from a program that ends.
func (f *Fake) call(name string, args []reflect.Value) int32 {
	f.Calls++
	if given, gives := pairs[name]; gives {
		f.held[given]--
	}
	if name == "MemoryFree" && !f.of[args[0].Uint()] {
		f.held["address that was not given out, or twice back"]++
	}
	if name == "MemoryFree" {
		delete(f.of, args[0].Uint())
	}
	if f.Calls == f.FailAt {
		f.Failed = name
		return 2
	}
	switch name {
	case "ContextRetain", "ModuleLoad", "BlasCreate", "ProgramCreate", "ModuleFunction":
		args[0].Elem().SetUint(1)
	case "ProgramImageSize":
		args[1].Elem().SetUint(1)
	case "MemoryAlloc":
		args[0].Elem().SetUint(f.at)
		f.of[f.at] = true
		f.at += args[1].Uint() + 256
	case "CopyToHost":
		clear(unsafe.Slice((*byte)(args[0].UnsafePointer()), args[2].Uint()))
	}
	for _, given := range pairs {
		if name == given {
			f.held[name]++
		}
	}
	return 0
}
