package safetensors

import "math"

// The bits of the three formats, sign, exponent and fraction:
//
//	float32  1  8  23
//	BF16     1  8   7   the upper half of a float32
//	F16      1  5  10   exponents 112 below float32's
//
// Adding just under half of the last bit that stays, and the bit itself, to the
// bits of a finite float32 and cutting rounds it to nearest, ties to even: a
// carry goes into the exponent, as it should, and from the largest into infinity.
// A NaN keeps its sign and the upper bits of its fraction, so that every pattern
// of a half comes back as it was.

func toBF16(x float32) uint16 {
	b := math.Float32bits(x)
	if x != x {
		return nan(uint16(b>>16), 0x7f)
	}
	return uint16((b + 0x7fff + b>>16&1) >> 16)
}

func fromBF16(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }

func toF16(x float32) uint16 {
	b := math.Float32bits(x)
	sign := uint16(b >> 16 & 0x8000)
	b &= 1<<31 - 1
	switch size := math.Float32frombits(b); {
	case size != size:
		return nan(sign|0x7c00|uint16(b>>13&0x3ff), 0x3ff)
	case size >= 65520: // halfway from the largest, 65504, to 2¹⁶
		return sign | 0x7c00
	case size < 0x1p-14: // in steps of 2⁻²⁴, which are those of float32 from ½ on
		return sign | uint16(math.Float32bits(size+0.5)-math.Float32bits(0.5))
	}
	b -= 112 << 23
	return sign | uint16((b+0xfff+b>>13&1)>>13)
}

func fromF16(h uint16) float32 {
	sign, exponent, fraction := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// nan returns h, a NaN cut to a half; where the cut has left no fraction, which
// would be an infinity, with the fraction's first bit, that of a quiet NaN.
func nan(h, fraction uint16) uint16 {
	if h&fraction == 0 {
		h |= (fraction + 1) / 2
	}
	return h
}
