package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// cols is a place in a row: the whole vector at byte index, or with a mask the
// few elements left at the row's end. Masked-off lanes read as zero, and are
// not written; memory beyond the row is never touched.
type cols struct {
	isa
	index GPVirtual
	mask  Register // nil: a whole vector; AVX-512: a mask register; AVX2: a vector of signs
}

// mem is the place in the array at base.
func (c cols) mem(base Register) Mem { return Mem{Base: base, Index: c.index, Scale: 1} }

func (c cols) load(base Register) VecVirtual { return c.loadMem(c.mem(base)) }

func (c cols) loadMem(m Mem) VecVirtual {
	r := c.vec()
	switch {
	case c.mask == nil:
		VMOVUPS(m, r)
	case c.lanes == 16:
		VMOVUPS_Z(m, c.mask, r)
	default:
		VMASKMOVPS(m, c.mask, r)
	}
	return r
}

func (c cols) store(r VecVirtual, base Register) { c.storeMem(r, c.mem(base)) }

func (c cols) storeMem(r VecVirtual, m Mem) {
	switch {
	case c.mask == nil:
		VMOVUPS(r, m)
	case c.lanes == 16:
		VMOVUPS(r, c.mask, m)
	default:
		VMASKMOVPS(r, c.mask, m)
	}
}

// within returns r with zero in the lanes beyond the row's end: what is made of more than
// masked loads, as x_i − 0 is, must not reach a sum over lanes from there.
func (c cols) within(r VecVirtual) VecVirtual {
	if c.mask == nil {
		return r
	}
	inside := c.vec()
	if c.lanes == 16 {
		VMOVAPS_Z(r, c.mask, inside)
	} else {
		VANDPS(r, c.mask, inside)
	}
	return inside
}

// tailMask returns the mask of the n mod lanes elements at a row's end.
func (v isa) tailMask(n GPVirtual) Register {
	rest := GP64()
	MOVQ(n, rest)
	ANDQ(U32(v.lanes-1), rest)
	if v.lanes == 16 {
		bits, mask := GP64(), K()
		MOVQ(U32(0xffff), bits)
		BZHIQ(rest, bits, bits)
		KMOVW(bits.As32(), mask)
		return mask
	}
	table := GP64()
	LEAQ(v.maskTable(), table)
	NEGQ(rest)
	mask := YMM()
	VMOVUPS(Mem{Base: table, Index: rest, Scale: 4, Disp: 4 * v.lanes}, mask)
	return mask
}

// maskTable is 8 words of ones, then 8 of zeros: from the (8−r)th on, it is the
// mask of r elements.
func (v isa) maskTable() Mem {
	m, ok := tables["tailMask"]
	if !ok {
		m = GLOBL("tailMask"+v.name, RODATA|NOPTR)
		for i := 0; i < 2*v.lanes; i++ {
			DATA(4*i, U32(map[bool]uint32{true: 0xffffffff}[i < v.lanes]))
		}
		tables["tailMask"] = m
	}
	return m
}

var labels int

// label returns a label that no other loop of the function has.
func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

// columns runs body along a row of n elements, one vector at a time and once
// more for the rest. mask is tailMask(n), made once for all rows.
func (v isa) columns(n Op, mask Register, body func(c cols)) {
	v.stripes(n, mask, 1, func(c cols, _ int) { body(c) })
}

// stripes is columns with bodies of up to wide vectors side by side, each vector
// i at i·bytes from the place.
func (v isa) stripes(n Op, mask Register, wide int, body func(c cols, vectors int)) {
	widths := []int{wide, 1}
	if wide == 1 {
		widths = widths[:1]
	}
	v.stripesOf(n, mask, widths, body)
}

// stripesOf is stripes with bodies of the given widths, falling, the last one 1.
func (v isa) stripesOf(n Op, mask Register, widths []int, body func(c cols, vectors int)) {
	index, left := GP64(), GP64()
	XORQ(index, index)
	MOVQ(n, left)
	done := label("done")
	for _, vectors := range widths {
		loop, next := label("vectors"), label("next")
		Label(loop)
		CMPQ(left, U32(vectors*v.lanes))
		JLT(LabelRef(next))
		body(cols{isa: v, index: index}, vectors)
		ADDQ(U32(vectors*v.bytes()), index)
		SUBQ(U32(vectors*v.lanes), left)
		JMP(LabelRef(loop))
		Label(next)
	}
	TESTQ(left, left)
	JZ(LabelRef(done))
	body(cols{isa: v, index: index, mask: mask}, 1)
	Label(done)
}

// rows runs body once for each of the rows counted by n, stepping the pointers
// by stride after each.
func rows(n GPVirtual, stride GPVirtual, body func(), pointers ...GPVirtual) {
	loop, done := label("row"), label("rowsDone")
	Label(loop)
	DECQ(n)
	JLT(LabelRef(done))
	body()
	for _, p := range pointers {
		ADDQ(stride, p)
	}
	JMP(LabelRef(loop))
	Label(done)
}

// sumLanes adds the lanes of r, in a fixed order, into lane 0.
func (v isa) sumLanes(r VecVirtual) VecVirtual {
	y := YMM()
	if v.lanes == 16 {
		VEXTRACTF64X4(U8(1), r, y)
		VADDPS(r.AsY(), y, y)
	} else {
		VMOVAPS(r, y)
	}
	x, t := XMM(), XMM()
	VEXTRACTF128(U8(1), y, x)
	VADDPS(y.AsX(), x, x)
	VMOVHLPS(x, x, t)
	VADDPS(t, x, x)
	VMOVSHDUP(x, t)
	VADDSS(t, x, x)
	return x
}
