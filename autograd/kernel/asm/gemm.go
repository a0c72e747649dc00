package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gemm writes the tiles of 1 to mr rows. A product's last rows use the smaller
// ones.
func (v isa) gemm() {
	for rows := 1; rows <= v.mr; rows++ {
		v.tile(rows)
	}
}

// tile writes the heart of the matrix product: a tile of C, rows × nr, stays in
// registers while k runs. Each step of k is an outer product,
//
//	C[i, :] += A[i, k] · B[k, :]    for every row i of the tile
//
// one row of B (two vectors) times one column of A, each element of it spread
// over a vector. That is 2 loads of B and one of A a row for 2·rows fused
// multiply-adds, all of them independent: the multiplier never waits for memory
// or for its own result.
//
// A is read where it lies: element (i, k) is at a + i·ars + k·acs, so the caller
// exchanges the two strides to transpose it. B is read at b + k·brs: packed
// panels have brs = 4·nr. Each step also prefetches from next, step bytes further
// each time: the rows of A that the next tile will want.
func (v isa) tile(rows int) {
	v.function(fmt.Sprintf("gemm%dx%d", rows, v.nr),
		"(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs int, alpha, beta float32, next *float32, step int)",
		"computes C = alpha·A·B + beta·C for one tile; strides in bytes.")

	k, acs, b, brs := arg("k"), arg("acs"), arg("b"), arg("brs")
	a, stride := rowPointers("a", "ars", rows)

	next, step := arg("next"), arg("step")
	Comment("Sums of the tile: one row is two vectors.")
	sum := make([][2]VecVirtual, rows)
	for i := range sum {
		sum[i] = [2]VecVirtual{v.zero(), v.zero()}
	}

	Label("loop")
	b0, b1 := v.vec(), v.vec()
	VMOVUPS(at(b, 0), b0)
	VMOVUPS(at(b, v.bytes()), b1)
	for i := range sum {
		ai := v.vec()
		VBROADCASTSS(rowAt(a, stride, i), ai)
		VFMADD231PS(ai, b0, sum[i][0])
		VFMADD231PS(ai, b1, sum[i][1])
	}
	for _, p := range a {
		ADDQ(acs, p)
	}
	ADDQ(brs, b)
	PREFETCHT0(at(next, 0)) // the next tile's rows of A
	ADDQ(step, next)
	DECQ(k)
	JNZ(LabelRef("loop"))

	v.storeTile(sum, rows)
}

// storeTile writes alpha·sum + beta·C, and where beta is zero never reads C.
func (v isa) storeTile(sum [][2]VecVirtual, rows int) {
	alpha, beta := v.vec(), v.vec()
	VBROADCASTSS(paramAddr("alpha"), alpha)
	VBROADCASTSS(paramAddr("beta"), beta)
	c, stride := rowPointers("c", "crs", rows)
	for i := range sum {
		VMULPS(alpha, sum[i][0], sum[i][0])
		VMULPS(alpha, sum[i][1], sum[i][1])
	}
	Comment("beta = ±0: C is overwritten, whatever it holds.")
	bits := GP32()
	MOVL(paramAddr("beta"), bits)
	SHLL(U8(1), bits)
	JZ(LabelRef("store"))
	for i := range sum {
		lo := rowAt(c, stride, i)
		VFMADD231PS(lo, beta, sum[i][0])
		VFMADD231PS(lo.Offset(v.bytes()), beta, sum[i][1])
	}
	Label("store")
	for i := range sum {
		lo := rowAt(c, stride, i)
		VMOVUPS(sum[i][0], lo)
		VMOVUPS(sum[i][1], lo.Offset(v.bytes()))
	}
	end()
}

// rowPointers loads a matrix and its row stride, and returns pointers to rows 0,
// 3, 6, …: with the stride, and twice it, they address every row.
func rowPointers(base, strideName string, rows int) (p []GPVirtual, stride GPVirtual) {
	p = []GPVirtual{arg(base)}
	stride = arg(strideName)
	for i := 3; i < rows; i += 3 {
		next := GP64()
		LEAQ(Mem{Base: p[len(p)-1], Index: stride, Scale: 2}, next)
		ADDQ(stride, next)
		p = append(p, next)
	}
	return p, stride
}

// rowAt is the memory of row i.
func rowAt(p []GPVirtual, stride GPVirtual, i int) Mem {
	m := Mem{Base: p[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = stride, uint8(i%3)
	}
	return m
}
