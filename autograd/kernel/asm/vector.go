package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// each writes a function over n elements.
func (v isa) each(name, signature, doc string, constants func(), body func(c cols)) {
	v.function(name, signature, doc)
	n := arg("n")
	mask := v.tailMask(n)
	constants()
	v.columns(n, mask, body)
	end()
}

// vector writes the element-wise functions.
func (v isa) vector() {
	var dst, x, y, dy GPVirtual
	var alpha VecVirtual
	two := func() { dst, x = arg("dst"), arg("x") }
	three := func() { dst, x, y = arg("dst"), arg("x"), arg("y") }
	scaled := func() { two(); alpha = v.spread(paramAddr("alpha")) }
	grad := func() { dst, y, dy = arg("dx"), arg("y"), arg("dy") }

	v.each("add", "(dst, x *float32, n int)", "adds dst += x.", two, func(c cols) {
		r := c.load(dst)
		VADDPS(c.load(x), r, r)
		c.store(r, dst)
	})
	v.each("addScaled", "(dst *float32, alpha float32, x *float32, n int)", "adds dst += alpha·x.", scaled, func(c cols) {
		r := c.load(dst)
		VFMADD231PS(c.load(x), alpha, r)
		c.store(r, dst)
	})
	v.each("scale", "(dst *float32, alpha float32, x *float32, n int)", "writes dst = alpha·x.", scaled, func(c cols) {
		r := c.load(x)
		VMULPS(alpha, r, r)
		c.store(r, dst)
	})
	v.each("lerp", "(dst *float32, alpha float32, x *float32, n int)", "adds dst += alpha·(x−dst).", scaled, func(c cols) {
		r, d := c.load(dst), c.load(x)
		VSUBPS(r, d, d)
		VFMADD231PS(d, alpha, r)
		c.store(r, dst)
	})
	v.each("mul", "(dst, x, y *float32, n int)", "writes dst = x⊙y.", three, func(c cols) {
		r := c.load(x)
		VMULPS(c.load(y), r, r)
		c.store(r, dst)
	})
	v.each("mulAdd", "(dst, x, y *float32, n int)", "adds dst += x⊙y.", three, func(c cols) {
		r := c.load(dst)
		VFMADD231PS(c.load(x), c.load(y), r)
		c.store(r, dst)
	})
	v.each("sigmoidGrad", "(dx, y, dy *float32, n int)", "adds dx += dy·y(1−y).", grad, func(c cols) {
		s, r := c.load(y), c.load(dst)
		d := c.constantReg(1)
		VSUBPS(s, d, d)
		VMULPS(s, d, d)
		VFMADD231PS(c.load(dy), d, r)
		c.store(r, dst)
	})
	v.each("tanhGrad", "(dx, y, dy *float32, n int)", "adds dx += dy·(1−y²).", grad, func(c cols) {
		s, r := c.load(y), c.load(dst)
		d := c.constantReg(1)
		VFNMADD231PS(s, s, d)
		VFMADD231PS(c.load(dy), d, r)
		c.store(r, dst)
	})
	v.reductions()
}

// reductions writes the sums, each over four sums side by side.
func (v isa) reductions() {
	v.function("dot", "(x, y *float32, n int) (sum float32)", "returns Σ x·y.")
	x, y, n := arg("x"), arg("y"), arg("n")
	mask := v.tailMask(n)
	sum := [4]VecVirtual{v.zero(), v.zero(), v.zero(), v.zero()}
	v.stripes(n, mask, 4, func(c cols, vectors int) {
		for i := range vectors {
			VFMADD231PS(c.loadMem(c.mem(x).Offset(i*v.bytes())), c.loadMem(c.mem(y).Offset(i*v.bytes())), sum[i])
		}
	})
	VADDPS(sum[1], sum[0], sum[0])
	VADDPS(sum[3], sum[2], sum[2])
	VADDPS(sum[2], sum[0], sum[0])
	Store(v.sumLanes(sum[0]), ReturnIndex(0))
	end()

	v.function("sumSquares", "(x *float32, n int) (sum float64)", "returns Σ x² in float64.")
	x, n = arg("x"), arg("n")
	mask = v.tailMask(n)
	sum = [4]VecVirtual{v.zero(), v.zero(), v.zero(), v.zero()}
	v.stripes(n, mask, 2, func(c cols, vectors int) {
		for i := range vectors {
			r := c.loadMem(c.mem(x).Offset(i * v.bytes()))
			lo, hi := v.widen(r)
			VFMADD231PD(lo, lo, sum[2*i])
			VFMADD231PD(hi, hi, sum[2*i+1])
		}
	})
	VADDPD(sum[1], sum[0], sum[0])
	VADDPD(sum[3], sum[2], sum[2])
	VADDPD(sum[2], sum[0], sum[0])
	Store(v.sumLanes64(sum[0]), ReturnIndex(0))
	end()
}

// widen returns the two halves of r as float64.
func (v isa) widen(r VecVirtual) (lo, hi VecVirtual) {
	lo, hi = v.vec(), v.vec()
	if v.lanes == 16 {
		VCVTPS2PD(r.AsY(), lo)
		half := YMM()
		VEXTRACTF64X4(U8(1), r, half)
		VCVTPS2PD(half, hi)
		return lo, hi
	}
	VCVTPS2PD(r.AsX(), lo)
	half := XMM()
	VEXTRACTF128(U8(1), r, half)
	VCVTPS2PD(half, hi)
	return lo, hi
}

// sumLanes64 is sumLanes for float64.
func (v isa) sumLanes64(r VecVirtual) VecVirtual {
	y := YMM()
	if v.lanes == 16 {
		VEXTRACTF64X4(U8(1), r, y)
		VADDPD(r.AsY(), y, y)
	} else {
		VMOVAPS(r, y)
	}
	x, t := XMM(), XMM()
	VEXTRACTF128(U8(1), y, x)
	VADDPD(y.AsX(), x, x)
	VUNPCKHPD(x, x, t)
	VADDSD(t, x, x)
	return x
}
