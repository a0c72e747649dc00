package main

import "math"

// eˣ = 2ⁿ·eʳ with n the integer nearest to x/ln 2 and |r| ≤ ln 2/2, where
//
//	eʳ − 1 ≈ r + r²·q(r)
//
// with the polynomial of asm/tanh.go, good to 3.1e-9. The table of asm/exp.go
// would save four instructions of it and cost five: to look up a float32 here is
// to look up four bytes.
const (
	log2e = 1.44269504
	ln2Hi = 0.693147182464599609375 // ln 2 = ln2Hi + ln2Lo
	ln2Lo = -1.904654323148236e-9

	// Added to a small number, this leaves its integer in the last bits.
	integers = 3 << 22

	lowest  = -104 // eˣ is zero below
	highest = 89   // and infinite above

	negligible = -60 // σ(x) is zero below
)

var q = [5]float32{0.4999999403953552, 0.1666651964187622, 0.041668400168418884, 0.00836885068565607, 0.0013814320554956794}

// expConst is what eˣ and its relatives keep in registers.
type expConst struct {
	log2e, ln2Hi, ln2Lo, integers vecs
	q                             [5]vecs
	one, low, sign                vecs
}

func (a *asm) expConst(low float32) expConst {
	hold := func(x float32) vecs { return vecs{a.constant(x)} }
	k := expConst{log2e: hold(log2e), ln2Hi: hold(ln2Hi), ln2Lo: hold(ln2Lo), integers: hold(integers)}
	for i := range q {
		k.q[i] = hold(q[i])
	}
	k.one, k.low, k.sign = hold(1), hold(low), hold(float32(math.Copysign(0, -1)))
	return k
}

// reduce leaves r in x, writes integers + n to t, and overwrites n.
func (a *asm) reduce(x, t, n vecs, k expConst) {
	a.mov(t, k.integers)
	a.fmla(t, x, k.log2e)
	a.fsub(n, t, k.integers)
	a.fmls(x, n, k.ln2Hi)
	a.fmls(x, n, k.ln2Lo)
}

// expMinus1 overwrites r with eʳ − 1. s is overwritten, too.
func (a *asm) expMinus1(r, s vecs, k expConst) {
	a.scope(func() {
		p, square := a.like(r), a.like(r)
		a.fmul(square, r, r)
		a.mov(p, k.q[0])
		a.fmla(p, r, k.q[1])
		a.mov(s, k.q[2])
		a.fmla(s, r, k.q[3])
		a.fmla(s, square, k.q[4])
		a.fmla(p, s, square)
		a.fmla(r, p, square)
	})
}

// expClamped overwrites x, within [lowest, highest] or NaN, with eˣ. The factor 2ⁿ
// goes in two steps, 2^⌊n/2⌋ and the rest, because 2ⁿ itself may be no normal
// number; only the last one rounds. NaN stays through both, whatever its bits make
// of n. s is overwritten.
func (a *asm) expClamped(x, s vecs, k expConst) {
	a.scope(func() {
		t, half := a.like(x), a.like(x)
		a.reduce(x, t, half, k)
		a.right(half, t, 1)
		a.sub(t, t, half)
		for _, e := range []vecs{half, t} { // the integers' own bits are shifted out
			a.left(e, e, 23)
			a.add(e, e, k.one)
		}
		a.expMinus1(x, s, k)
		a.fmla(half, x, half)
		a.fmul(x, half, t)
	})
}

// sigmoids overwrites e with exp(−|x|), which cannot overflow, and is zero where −|x|
// is negligible, and returns σ(x), 1/(1+e) for x ≥ 0 and e/(1+e) below.
func (a *asm) sigmoids(x, e vecs, k expConst) (s vecs) {
	s = a.like(x)
	a.or(e, x, k.sign)
	a.fmax(e, e, k.low)
	a.expClamped(e, s, k)
	a.or(s, x, k.sign)
	a.greater(s, k.low, s) // not for NaN
	a.without(e, e, s)
	a.scope(func() {
		d := a.like(x)
		a.fadd(d, e, k.one)
		a.negative(s, x)
		a.choose(s, e, k.one)
		a.fdiv(s, s, d)
	})
	return s
}

// silu returns x·σ(x), and if both its derivative σ(x) + x·σ(x)·σ(−x), where
// σ(−x) is e·σ(x) or 1 − σ(x), both without cancellation. x is overwritten.
func (a *asm) silu(x vecs, k expConst, both bool) (y, slope vecs) {
	e := a.like(x)
	s := a.sigmoids(x, e, k)
	if !both {
		a.fmul(x, x, s)
		return x, nil
	}
	a.scope(func() {
		other, negative := a.like(x), a.like(x)
		a.fmul(e, e, s)
		a.fsub(other, k.one, s)
		a.negative(negative, x)
		a.choose(negative, other, e)
		a.fmul(x, x, s)
		a.fmla(s, x, negative)
	})
	return x, s
}

// tanh overwrites x with tanh x; k.low bounds −2|x|. As in asm/tanh.go it is
// −m/(2+m) with m = exp(−2|x|) − 1 = 2ⁿ·(eʳ−1) + (2ⁿ−1); the product is exact.
func (a *asm) tanh(x vecs, k expConst, two vecs) {
	r, t, n := a.like(x), a.like(x), a.like(x)
	a.or(r, x, k.sign)
	a.fadd(r, r, r)
	a.fmax(r, r, k.low)
	a.reduce(r, t, n, k)
	a.expMinus1(r, n, k)
	a.left(t, t, 23)
	a.add(t, t, k.one)
	a.fsub(n, t, k.one)
	a.fmla(n, r, t)
	a.fadd(t, n, two)
	a.fdiv(n, n, t)
	a.insert(n, x, k.sign)
	a.mov(x, n)
}
