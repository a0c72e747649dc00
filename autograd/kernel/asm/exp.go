package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// eˣ = 2ⁿ·eʳ with n the integer nearest to x/ln 2 and |r| ≤ ln 2/2, where
//
//	eʳ ≈ 1 + r + r²·q(r)
//
// q is of degree 4, fitted for the least relative error of eʳ (3.1e-9) over the
// interval by Lawson's reweighted least squares.
var q = [5]float32{0.4999999403953552, 0.1666651964187622, 0.041668400168418884, 0.00836885068565607, 0.0013814320554956794}

const (
	log2e = 1.44269504
	ln2Hi = 0.693147182464599609375 // ln 2 = ln2Hi + ln2Lo
	ln2Lo = -1.904654323148236e-9

	lowest  = -104 // eˣ is zero below
	highest = 89   // and infinite above
)

var negativeZero = float32(math.Copysign(0, -1))

// expConst is what eˣ and its relatives need at hand. Loading a constant costs as
// much as using it, so it stays in a register where there are 32 of them; AVX2
// reads it from memory. low and high bound the argument, and are registers
// because MAXPS and MINPS return their second source when one is a NaN: with x
// there, a NaN stays.
type expConst struct {
	log2e, ln2Hi, ln2Lo Op
	q                   [5]Op
	one, sign           Op
	low, high           VecVirtual
}

func (v isa) expConst(low float32) expConst {
	k := expConst{
		log2e: v.hold(log2e), ln2Hi: v.hold(ln2Hi), ln2Lo: v.hold(ln2Lo),
		one: v.hold(1), sign: v.hold(negativeZero), low: v.constantReg(low),
	}
	for i := range q {
		k.q[i] = v.hold(q[i])
	}
	return k
}

// reduce splits x into n and r, and returns q(r) too. x is overwritten with r.
func (v isa) reduce(x VecVirtual, k expConst) (n, qr VecVirtual) {
	n = v.vec()
	VMULPS(k.log2e, x, n)
	if v.lanes == 16 {
		VRNDSCALEPS(U8(8), n, n)
	} else {
		VROUNDPS(U8(8), n, n)
	}
	VFNMADD231PS(k.ln2Hi, n, x)
	VFNMADD231PS(k.ln2Lo, n, x)
	qr = v.copyOf(k.q[4])
	for i := 3; i >= 0; i-- {
		VFMADD213PS(k.q[i], x, qr)
	}
	return n, qr
}

// expClamped is eˣ for x within [lowest, highest] or NaN; x is overwritten.
func (v isa) expClamped(x VecVirtual, k expConst) VecVirtual {
	n, p := v.reduce(x, k)
	VFMADD213PS(k.one, x, p)
	VFMADD213PS(k.one, x, p)
	v.scale2(p, n)
	return p
}

// scale2 multiplies p by 2ⁿ, n in [−151, 128]. AVX2 does it in two steps, as
// 2^(n/2) and the rest, because 2ⁿ itself may be no normal number; only the last
// one rounds.
func (v isa) scale2(p, n VecVirtual) {
	if v.lanes == 16 {
		VSCALEFPS(n, p, p)
		return
	}
	half := v.vec()
	VCVTPS2DQ(n, n)
	VPSRAD(U8(1), n, half)
	VPSUBD(half, n, n)
	for _, e := range []VecVirtual{half, n} {
		VPADDD(v.constantBits(127), e, e)
		VPSLLD(U8(23), e, e)
		VMULPS(e, p, p)
	}
}

// exp overwrites x with eˣ.
func (v isa) exp(x VecVirtual, k expConst) VecVirtual {
	VMAXPS(x, k.low, x)
	VMINPS(x, k.high, x)
	return v.expClamped(x, k)
}

// sigmoids returns σ(x), and if both σ(−x), from e = exp(−|x|), which cannot
// overflow: σ(x) is 1/(1+e) for x ≥ 0 and e/(1+e) below. From it σ(−x) is e·σ(x)
// or 1−σ(x), both without cancellation. (A division is as fast as an approximate
// reciprocal with its corrections: the multipliers are what is busy.)
func (v isa) sigmoids(x VecVirtual, k expConst, both bool) (s, sNeg VecVirtual) {
	e := v.vec()
	VORPS(k.sign, x, e)
	VMAXPS(e, k.low, e)
	e = v.expClamped(e, k)
	d, one := v.vec(), v.copyOf(k.one)
	VADDPS(k.one, e, d)
	s = v.negative(x, e, one)
	VDIVPS(d, s, s)
	if both {
		VMULPS(s, e, e)
		VSUBPS(s, one, one)
		sNeg = v.negative(x, one, e)
	}
	return s, sNeg
}

// negative selects yes in the lanes where x has its sign set, else no.
func (v isa) negative(x, yes, no VecVirtual) VecVirtual {
	r := v.vec()
	if v.lanes == 16 {
		k := K()
		VPMOVD2M(x, k)
		VBLENDMPS(yes, no, k, r)
	} else {
		VBLENDVPS(x, yes, no, r)
	}
	return r
}

// silu returns x·σ(x), and if both its derivative σ(x) + x·σ(x)·σ(−x).
func (v isa) silu(x VecVirtual, k expConst, both bool) (y, dydx VecVirtual) {
	s, sNeg := v.sigmoids(x, k, both)
	y = v.vec()
	VMULPS(s, x, y)
	if both {
		VFMADD231PS(y, sNeg, s)
	}
	return y, s
}

// tanh returns the sign of x with −m/(2+m), where m = exp(−2|x|) − 1 is made
// without cancellation: 2ⁿ·(r + r²·q(r)) + (2ⁿ−1).
func (v isa) tanh(x VecVirtual, k expConst) VecVirtual {
	t, sign := v.vec(), v.vec()
	VANDPS(k.sign, x, sign)
	VORPS(k.sign, x, t)
	VADDPS(t, t, t)
	VMAXPS(t, k.low, t)
	n, m := v.reduce(t, k)
	square, two := v.vec(), v.copyOf(k.one)
	VMULPS(t, t, square)
	VFMADD213PS(t, square, m)
	v.scale2(two, n)
	VMULPS(two, m, m) // exact
	VSUBPS(k.one, two, two)
	VADDPS(two, m, m)
	VADDPS(v.constant(2), m, two)
	VDIVPS(two, m, m)
	VANDPS(v.constantBits(1<<31-1), m, m)
	VORPS(sign, m, m)
	return m
}
