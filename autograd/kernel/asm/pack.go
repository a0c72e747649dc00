package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// pack copies nr columns of a row-major B into a panel: k rows of nr, without
// the gaps between them.
func (v isa) pack() {
	TEXT("pack"+v.name, NOSPLIT, "func(dst, b *float32, brs, k int)")
	Pragma("noescape")
	Doc("pack" + v.name + " copies k rows of a panel from row-major B.")
	dst, b, brs, k := arg("dst"), arg("b"), arg("brs"), arg("k")
	Label("loop")
	lo, hi := v.vec(), v.vec()
	VMOVUPS(at(b, 0), lo)
	VMOVUPS(at(b, v.bytes()), hi)
	VMOVUPS(lo, at(dst, 0))
	VMOVUPS(hi, at(dst, v.bytes()))
	ADDQ(brs, b)
	ADDQ(U32(4*v.nr), dst)
	DECQ(k)
	JNZ(LabelRef("loop"))
	end()
}

// packTrans fills a panel from nr rows of B transposed, 8×8 elements at a time:
// 8 rows of memory are 8 columns of the panel.
func (v isa) packTrans() {
	TEXT("packTrans"+v.name, NOSPLIT, "func(dst, b *float32, bcs, k int)")
	Pragma("noescape")
	Doc("packTrans" + v.name + " fills k rows of a panel from B transposed; k is a multiple of 8.")
	dst, b, bcs, k := arg("dst"), arg("b"), arg("bcs"), arg("k")
	bcs3 := GP64()
	LEAQ(Mem{Base: bcs, Index: bcs, Scale: 2}, bcs3)
	SHRQ(U8(3), k)
	JZ(LabelRef("done"))

	Label("loop")
	row := GP64()
	MOVQ(b, row)
	for j := 0; j < v.nr; j += 8 {
		v.transpose8(row, bcs, bcs3, at(dst, 4*j))
		if j+8 < v.nr {
			LEAQ(Mem{Base: row, Index: bcs, Scale: 8}, row)
		}
	}
	ADDQ(U32(8*4), b)
	ADDQ(U32(8*4*v.nr), dst)
	DECQ(k)
	JNZ(LabelRef("loop"))
	Label("done")
	end()
}

// transpose8 writes the transpose of 8 rows × 8 columns. Rows i and i+4 share a
// register, one in each half, so that no shuffle has to cross the halves.
func (v isa) transpose8(row, stride, stride3 GPVirtual, dst Mem) {
	r3, r6 := GP64(), GP64()
	LEAQ(Mem{Base: row, Index: stride3, Scale: 1}, r3)
	LEAQ(Mem{Base: row, Index: stride3, Scale: 2}, r6)
	p := []GPVirtual{row, r3, r6}
	for half := 0; half < 2; half++ {
		var r, t [4]VecVirtual
		for i := range r {
			r[i], t[i] = YMM(), YMM()
			VBROADCASTF128(rowAt(p, stride, i).Offset(16*half), r[i])
			VINSERTF128(U8(1), rowAt(p, stride, i+4).Offset(16*half), r[i], r[i])
		}
		VUNPCKLPS(r[1], r[0], t[0])
		VUNPCKHPS(r[1], r[0], t[1])
		VUNPCKLPS(r[3], r[2], t[2])
		VUNPCKHPS(r[3], r[2], t[3])
		VUNPCKLPD(t[2], t[0], r[0])
		VUNPCKHPD(t[2], t[0], r[1])
		VUNPCKLPD(t[3], t[1], r[2])
		VUNPCKHPD(t[3], t[1], r[3])
		for i := range r {
			VMOVUPS(r[i], dst.Offset((4*half+i)*4*v.nr))
		}
	}
}
