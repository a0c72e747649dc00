package main

import (
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

// reduce splits x into n and r, and returns q(r) too. x is overwritten with r.
func (v isa) reduce(x VecVirtual) (n, qr VecVirtual) {
	n = v.vec()
	VMULPS(v.constant(log2e), x, n)
	if v.lanes == 16 {
		VRNDSCALEPS(U8(8), n, n)
	} else {
		VROUNDPS(U8(8), n, n)
	}
	VFNMADD231PS(v.constant(ln2Hi), n, x)
	VFNMADD231PS(v.constant(ln2Lo), n, x)
	qr = v.vec()
	VMOVUPS(v.constant(q[4]), qr)
	for i := 3; i >= 0; i-- {
		VFMADD213PS(v.constant(q[i]), x, qr)
	}
	return n, qr
}

// expClamped is eˣ for x within [lowest, highest] or NaN; x is overwritten.
func (v isa) expClamped(x VecVirtual) VecVirtual {
	n, p := v.reduce(x)
	VFMADD213PS(v.constant(1), x, p)
	VFMADD213PS(v.constant(1), x, p)
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

// The least and the greatest argument of exp stay in registers. MAXPS and MINPS
// return their second source when one is a NaN: with x there, a NaN stays.
type bounds struct{ low, high VecVirtual }

func (v isa) exp(x VecVirtual, b bounds) VecVirtual {
	VMAXPS(x, b.low, x)
	VMINPS(x, b.high, x)
	return v.expClamped(x)
}

// sigmoids returns σ(x), and if both σ(−x), from e = exp(−|x|), which cannot
// overflow: for x ≥ 0 they are 1/(1+e) and e/(1+e), else the other way round.
func (v isa) sigmoids(x VecVirtual, b bounds, both bool) (s, sNeg VecVirtual) {
	e := v.vec()
	VORPS(v.constantBits(1<<31), x, e)
	VMAXPS(e, b.low, e)
	e = v.expClamped(e)
	r, one := v.vec(), v.constantReg(1)
	VADDPS(one, e, r)
	s = v.negative(x, e, one)
	VDIVPS(r, s, s)
	if both {
		sNeg = v.negative(x, one, e)
		VDIVPS(r, sNeg, sNeg)
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
func (v isa) silu(x VecVirtual, b bounds, both bool) (y, dydx VecVirtual) {
	s, sNeg := v.sigmoids(x, b, both)
	y = v.vec()
	VMULPS(s, x, y)
	if both {
		VFMADD231PS(y, sNeg, s)
	}
	return y, s
}

// tanh returns the sign of x with −m/(2+m), where m = exp(−2|x|) − 1 is made
// without cancellation: 2ⁿ·(r + r²·q(r)) + (2ⁿ−1).
func (v isa) tanh(x VecVirtual, low VecVirtual) VecVirtual {
	t, sign := v.vec(), v.vec()
	VANDPS(v.constantBits(1<<31), x, sign)
	VORPS(v.constantBits(1<<31), x, t)
	VADDPS(t, t, t)
	VMAXPS(t, low, t)
	n, m := v.reduce(t)
	square, two := v.vec(), v.constantReg(1)
	VMULPS(t, t, square)
	VFMADD213PS(t, square, m)
	v.scale2(two, n)
	VMULPS(two, m, m) // exact
	VSUBPS(v.constant(1), two, two)
	VADDPS(two, m, m)
	VADDPS(v.constant(2), m, two)
	VDIVPS(two, m, m)
	VANDPS(v.constantBits(1<<31-1), m, m)
	VORPS(sign, m, m)
	return m
}
