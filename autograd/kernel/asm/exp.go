package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// eˣ = 2^(n+j/16)·eʳ with n+j/16 the sixteenth nearest to x/ln 2, 0 ≤ j < 16, and
// |r| ≤ ln 2/32, where
//
//	eʳ ≈ 1 + r·(1 + r/2 + r²/6)
//
// is good to 1e-8. The sixteen powers 2^(j/16) lie in a register (AVX2: two
// halves in memory) and are looked up by a permutation, which leaves the
// multipliers, where the time goes, seven instructions; a polynomial over the
// whole of ±ln 2/2 takes nine.
const (
	log2e = 1.44269504
	ln2Hi = 0.693147182464599609375 // ln 2 = ln2Hi + ln2Lo
	ln2Lo = -1.904654323148236e-9

	// Added to a small number, this leaves its sixteenths in the last bits.
	sixteenths = 3 << 18

	lowest  = -104 // eˣ is zero below
	highest = 89   // and infinite above

	negligible = -60 // σ(x) is zero below
)

var negativeZero = float32(math.Copysign(0, -1))

// expConst is what eˣ and its relatives need at hand. Loading a constant costs as
// much as using it, so it stays in a register where there are 32 of them; AVX2
// reads it from memory. low and high bound the argument, and are registers
// because MAXPS and MINPS return their second source when one is a NaN: with x
// there, a NaN stays.
type expConst struct {
	log2e, ln2Hi, ln2Lo     Op
	sixteenths, sixth, half Op
	powers                  [2]Op // 2^(j/16); AVX-512 has all in the first
	one, sign               Op
	low, high               VecVirtual
}

func (v isa) expConst(low float32) expConst {
	k := expConst{
		log2e: v.hold(log2e), ln2Hi: v.hold(ln2Hi), ln2Lo: v.hold(ln2Lo),
		sixteenths: v.hold(sixteenths), sixth: v.hold(1. / 6), half: v.hold(0.5),
		one: v.hold(1), sign: v.hold(negativeZero), low: v.constantReg(low),
	}
	table := v.powers()
	k.powers = [2]Op{table, table.Offset(v.bytes())}
	if v.lanes == 16 {
		k.powers[0] = v.copyOf(table)
	}
	return k
}

// powers is the table of 2^(j/16).
func (v isa) powers() Mem {
	m, ok := tables["powers"]
	if !ok {
		m = GLOBL("powers"+v.name, RODATA|NOPTR)
		for j := range 16 {
			DATA(4*j, U32(math.Float32bits(float32(math.Exp2(float64(j)/16)))))
		}
		tables["powers"] = m
	}
	return m
}

// expClamped is eˣ for x within [lowest, highest] or NaN; x is overwritten.
func (v isa) expClamped(x VecVirtual, k expConst) VecVirtual {
	p, n, t := v.unscaled(x, k)
	if v.lanes == 16 {
		VSCALEFPS(n, p, p) // by 2^⌊n⌋
		return p
	}
	VPSUBD(k.sixteenths, t, t)
	VPSRAD(U8(4), t, t)
	v.scale2(p, t)
	return p
}

// unscaled is eˣ/2^⌊n⌋, and n, whose sixteenths are the last bits of t.
func (v isa) unscaled(x VecVirtual, k expConst) (p, n, t VecVirtual) {
	t, n = v.copyOf(k.sixteenths), v.vec()
	VFMADD231PS(k.log2e, x, t) // the last bits are 16n+j
	VSUBPS(k.sixteenths, t, n)
	VFNMADD231PS(k.ln2Hi, n, x)
	VFNMADD231PS(k.ln2Lo, n, x)
	power := v.lookup(t, k)
	p = v.copyOf(k.sixth)
	r := v.vec()
	VFMADD213PS(k.half, x, p)
	VMULPS(power, x, r)
	VFMADD213PS(k.one, x, p)
	VFMADD213PS(power, r, p)
	return p, n, t
}

// expOrZero is eˣ for x ≤ 0 or NaN, and zero for x below k.low, for which no number on the
// way is denormal: an instruction that meets one takes a hundred times as long.
func (v isa) expOrZero(x VecVirtual, k expConst) VecVirtual {
	const notLess = 5 // or a NaN
	if v.lanes == 16 {
		kept := K()
		VCMPPS(U8(notLess), k.low, x, kept)
		p, n, _ := v.unscaled(x, k)
		VSCALEFPS_Z(n, p, kept, p)
		return p
	}
	kept := v.vec()
	VCMPPS(U8(notLess), k.low, x, kept)
	VMAXPS(x, k.low, x)
	p := v.expClamped(x, k)
	VANDPS(kept, p, p)
	return p
}

// lookup returns 2^(j/16) for the j in the last four bits of t.
func (v isa) lookup(t VecVirtual, k expConst) VecVirtual {
	r := v.vec()
	if v.lanes == 16 {
		VPERMPS(k.powers[0], t, r)
		return r
	}
	upper, which := v.vec(), v.vec()
	VPERMPS(k.powers[0], t, r)
	VPERMPS(k.powers[1], t, upper)
	VPSLLD(U8(28), t, which)
	VBLENDVPS(which, upper, r, r)
	return r
}

// scale2 multiplies p by 2ⁿ, n an integer in [−151, 128], where there is no
// instruction for it: in two steps, 2^(n/2) and the rest, because 2ⁿ itself may
// be no normal number. Only the last one rounds.
func (v isa) scale2(p, n VecVirtual) {
	half := v.vec()
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
// overflow, and is zero where −|x| is negligible: σ(x) is 1/(1+e) for x ≥ 0 and e/(1+e) below. From it σ(−x) is e·σ(x)
// or 1−σ(x), both without cancellation. (A division is as fast as an approximate
// reciprocal with its corrections: the multipliers are what is busy.)
func (v isa) sigmoids(x VecVirtual, k expConst, both bool) (s, sNeg VecVirtual) {
	e := v.vec()
	VORPS(k.sign, x, e)
	e = v.expOrZero(e, k)
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
