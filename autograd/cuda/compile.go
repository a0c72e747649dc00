package cuda

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// build compiles the source for the card, loads it and finds its kernels.
func (d *Device) build(source string) {
	if len(d.kernels) == 0 {
		return
	}
	image := d.compile(source)
	if d.err != nil {
		return
	}
	d.check("cuModuleLoadData", func() int32 { return d.api.ModuleLoad(&d.module, &image[0]) })
	for _, name := range slices.Sorted(maps.Keys(d.kernels)) {
		k := d.kernels[name]
		d.check("cuModuleGetFunction of "+name, func() int32 { return d.api.ModuleFunction(&k.function, d.module, text(name)) })
	}
}

// compile returns the card's own code.
func (d *Device) compile(source string) (image []byte) {
	var program uintptr
	d.check("nvrtcCreateProgram", func() int32 {
		return d.api.ProgramCreate(&program, text(source), text("kernels.cu"), 0, nil, nil)
	})
	if d.err != nil {
		return nil
	}
	defer func() { // an error of its own would hide what failed before
		if code := d.api.ProgramDestroy(&program); code != 0 && d.err == nil {
			d.err = fmt.Errorf("cuda: nvrtcDestroyProgram: error %d", code)
		}
	}()
	var major, minor int32
	d.check("cuDeviceGetAttribute", func() int32 { return d.api.DeviceGetAttribute(&major, attributeMajor, d.ordinal) })
	d.check("cuDeviceGetAttribute", func() int32 { return d.api.DeviceGetAttribute(&minor, attributeMinor, d.ordinal) })
	options := []*byte{text(fmt.Sprintf("--gpu-architecture=sm_%d%d", major, minor)), text("--std=c++14"), text("--prec-div=false")} // a division is right to 2 units of the last place
	d.check("nvrtcCompileProgram", func() int32 { return d.api.ProgramCompile(program, int32(len(options)), &options[0]) })
	if d.err != nil {
		d.err = fmt.Errorf("%w\n%s", d.err, d.log(program))
		return nil
	}
	var size uint64
	d.check("nvrtcGetCUBINSize", func() int32 { return d.api.ProgramImageSize(program, &size) })
	image = make([]byte, size+1)
	d.check("nvrtcGetCUBIN", func() int32 { return d.api.ProgramImage(program, &image[0]) })
	return image
}

// log returns what the compiler says.
func (d *Device) log(program uintptr) string {
	var size uint64
	if d.api.ProgramLogSize(program, &size) != 0 || size == 0 {
		return ""
	}
	log := make([]byte, size+1)
	if d.api.ProgramLog(program, &log[0]) != 0 {
		return ""
	}
	return strings.TrimRight(string(log), "\x00\n")
}

// text is a string as C has it.
func text(s string) *byte { return &append([]byte(s), 0)[0] }
