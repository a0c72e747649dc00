package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set: how many float32 a vector holds, and the tile of C
// that the matrix product keeps in registers.
type isa struct {
	name   string // suffix of every function
	lanes  int    // float32 in a vector
	mr, nr int    // rows and columns of a tile
}

var isas = map[string]isa{
	// 32 registers: 24 sums, 2 of B, 1 broadcast of A.
	"avx512": {name: "AVX512", lanes: 16, mr: 12, nr: 32},
	// 16 registers: 12 sums, 2 of B, 1 broadcast of A.
	"avx2": {name: "AVX2", lanes: 8, mr: 6, nr: 16},
}

// vec returns a fresh vector register.
func (v isa) vec() VecVirtual {
	if v.lanes == 16 {
		return ZMM()
	}
	return YMM()
}

// bytes is the size of a vector in memory.
func (v isa) bytes() int { return 4 * v.lanes }

// zero returns a vector of zeros.
func (v isa) zero() VecVirtual {
	r := v.vec()
	VXORPS(r, r, r)
	return r
}

// function opens a function without a stack frame.
func (v isa) function(name, signature, doc string) {
	TEXT(name+v.name, NOSPLIT, "func"+signature)
	Pragma("noescape")
	Doc(name + v.name + " " + doc)
}

// end returns. Without VZEROUPPER the SSE instructions of compiled Go would wait
// for the upper halves that this function has left behind.
func end() {
	VZEROUPPER()
	RET()
}

// arg loads a parameter into a fresh general register.
func arg(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// paramAddr is a parameter's place on the stack.
func paramAddr(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// spread returns the float32 at m in every lane.
func (v isa) spread(m Mem) VecVirtual {
	r := v.vec()
	VBROADCASTSS(m, r)
	return r
}

// at is the memory at base + offset bytes.
func at(base Register, offset int) Mem { return Mem{Base: base, Disp: offset} }

// constants and tables are the data sections written so far.
var (
	constants = map[uint32]Mem{}
	tables    = map[string]Mem{}
)

// constant is a vector in memory with x in every lane.
func (v isa) constant(x float32) Mem { return v.constantBits(math.Float32bits(x)) }

func (v isa) constantBits(bits uint32) Mem {
	m, ok := constants[bits]
	if !ok {
		m = GLOBL(fmt.Sprintf("const%s_%08x", v.name, bits), RODATA|NOPTR)
		for i := 0; i < v.lanes; i++ {
			DATA(4*i, U32(bits))
		}
		constants[bits] = m
	}
	return m
}

// constantReg loads a constant into a register, for an operand that memory
// cannot be.
func (v isa) constantReg(x float32) VecVirtual {
	r := v.vec()
	VMOVUPS(v.constant(x), r)
	return r
}

// hold returns a constant for many uses: in a register where there are plenty.
func (v isa) hold(x float32) Op {
	if v.lanes == 16 {
		return v.constantReg(x)
	}
	return v.constant(x)
}

// copyOf returns a fresh register with what hold returned.
func (v isa) copyOf(x Op) VecVirtual {
	r := v.vec()
	VMOVUPS(x, r)
	return r
}
