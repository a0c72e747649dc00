package main

import "fmt"

// What Go's assembler lacks, by the encodings of the Arm Architecture Reference
// Manual, section C7.2. Operands are in Arm's order here, and in the comment
// beside each word: the result first.

// Three registers, four float32 each: 0 Q U 01110 o sz 1 Rm opcode 1 Rn Rd.
const (
	fadd  = 0x4e20d400 // FADD Vd.4S, Vn.4S, Vm.4S
	fsub  = 0x4ea0d400 // FSUB
	fmul  = 0x6e20dc00 // FMUL
	fdiv  = 0x6e20fc00 // FDIV
	fmax  = 0x4e20f400 // FMAX: a NaN in either is the result
	fmin  = 0x4ea0f400 // FMIN: likewise
	faddp = 0x6e20d400 // FADDP: sums of neighbours, of Vn then of Vm
	fcmgt = 0x6ea0e400 // FCMGT: all ones where Vn > Vm, else zeros
	bic   = 0x4e601c00 // BIC Vd.16B, Vn.16B, Vm.16B: the bits of Vn that Vm has not
)

// The same of two float64.
const fadd2 = 0x4e60d400 // FADD Vd.2D, Vn.2D, Vm.2D

// Two registers: 0 Q U 01110 sz 10000 opcode 10 Rn Rd.
const (
	fneg   = 0x6ea0f800 // FNEG Vd.4S, Vn.4S
	fsqrt  = 0x6ea1f800 // FSQRT Vd.4S, Vn.4S
	cmlt   = 0x4ea0a800 // CMLT Vd.4S, Vn.4S, #0: all ones where the sign bit is set, else zeros
	fcvtl  = 0x0e617800 // FCVTL Vd.2D, Vn.2S: the lower two lanes as float64
	fcvtl2 = 0x4e617800 // FCVTL2 Vd.2D, Vn.4S: the upper two
)

// Two registers, scalar: 0 1 U 11110 sz 11000 opcode 10 Rn Rd.
const (
	faddp1 = 0x7e30d800 // FADDP Sd, Vn.2S: the sum of the lower two lanes
	faddp2 = 0x7e70d800 // FADDP Dd, Vn.2D
)

// Two registers and a lane of a third: 0 Q U 01111 1 sz L M Rm opcode H 0 Rn Rd,
// where H:L is the lane and M:Rm the register.
const (
	fmlaLane = 0x4f801000 // FMLA Vd.4S, Vn.4S, Vm.S[i]
	fmulLane = 0x4f809000 // FMUL Vd.4S, Vn.4S, Vm.S[i]
)

// A shift by a constant: 0 Q U 011110 immh:immb opcode 1 Rn Rd, immh:immb = 64 − shift.
const sshr = 0x4f000400 // SSHR Vd.4S, Vn.4S, #shift

// encode3 is an instruction of three registers.
func encode3(op uint32, d, n, m vec) uint32 { return op | uint32(m)<<16 | uint32(n)<<5 | uint32(d) }

// encode2 is one of two.
func encode2(op uint32, d, n vec) uint32 { return op | uint32(n)<<5 | uint32(d) }

// encodeLane is one of two and lane i of a third.
func encodeLane(op uint32, d, n, m vec, i int) uint32 {
	return encode3(op, d, n, m) | uint32(i&1)<<21 | uint32(i>>1)<<11
}

// encodeShift is a right shift of four whole numbers.
func encodeShift(op uint32, d, n vec, shift int) uint32 {
	return encode2(op, d, n) | uint32(64-shift)<<16
}

// word writes an instruction by its encoding, its name beside it.
func (a *asm) word(bits uint32, format string, operands ...any) {
	fmt.Fprintf(&a.text, "\tWORD\t$0x%08x // %s\n", bits, fmt.Sprintf(format, operands...))
}
