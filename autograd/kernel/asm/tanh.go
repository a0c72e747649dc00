package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// tanh |x| = −m/(2+m) with m = exp(−2|x|) − 1, made without cancellation: with n
// the integer nearest to −2|x|/ln 2,
//
//	m = 2ⁿ·(r + r²·q(r)) + (2ⁿ−1)
//
// q is of degree 4, fitted for the least relative error of eʳ (3.1e-9) over
// |r| ≤ ln 2/2 by Lawson's reweighted least squares. A table as in expClamped
// will not do: its powers are rounded, and m near zero would show it.
var q = [5]float32{0.4999999403953552, 0.1666651964187622, 0.041668400168418884, 0.00836885068565607, 0.0013814320554956794}

// tanh returns tanh x; k.low bounds −2|x|.
func (v isa) tanh(x VecVirtual, k expConst) VecVirtual {
	t, n, sign := v.vec(), v.vec(), v.vec()
	VANDPS(k.sign, x, sign)
	VORPS(k.sign, x, t)
	VADDPS(t, t, t)
	VMAXPS(t, k.low, t)
	VMULPS(k.log2e, t, n)
	if v.lanes == 16 {
		VRNDSCALEPS(U8(8), n, n)
	} else {
		VROUNDPS(U8(8), n, n)
	}
	VFNMADD231PS(k.ln2Hi, n, t)
	VFNMADD231PS(k.ln2Lo, n, t)
	m, square, two := v.vec(), v.vec(), v.copyOf(k.one)
	VMOVUPS(v.constant(q[4]), m)
	for i := 3; i >= 0; i-- {
		VFMADD213PS(v.constant(q[i]), t, m)
	}
	VMULPS(t, t, square)
	VFMADD213PS(t, square, m)
	if v.lanes == 16 {
		VSCALEFPS(n, two, two)
	} else {
		VCVTPS2DQ(n, n)
		v.scale2(two, n)
	}
	VMULPS(two, m, m) // exact
	VSUBPS(k.one, two, two)
	VADDPS(two, m, m)
	VADDPS(v.constant(2), m, two)
	VDIVPS(two, m, m)
	VANDPS(v.constantBits(1<<31-1), m, m)
	VORPS(sign, m, m)
	return m
}
