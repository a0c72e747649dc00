package main

import (
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

// zero returns a vector of zeros.
func (v isa) zero() VecVirtual {
	r := v.vec()
	if v.lanes == 16 {
		VPXORD(r, r, r) // without AVX512DQ there is no VXORPS of ZMM
	} else {
		VXORPS(r, r, r)
	}
	return r
}

// bytes is the size of a vector in memory.
func (v isa) bytes() int { return 4 * v.lanes }

// arg loads a parameter into a fresh general register.
func arg(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// at is the memory at base + offset bytes.
func at(base Register, offset int) Mem { return Mem{Base: base, Disp: offset} }
