package safetensors

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"
)

const ulp = 0x1p-23 // of float32 at 1

// Patterns that are written down elsewhere: IEEE 754 binary16, and for BF16 the
// upper half of a float32.
func TestHalvesKnownPatterns(t *testing.T) {
	inf, nan := float32(math.Inf(1)), math.Float32frombits
	for _, c := range []struct {
		x         float32
		bf16, f16 uint16
	}{
		{0, 0, 0},
		{float32(math.Copysign(0, -1)), 0x8000, 0x8000},
		{1, 0x3f80, 0x3c00},
		{-2, 0xc000, 0xc000},
		{math.Pi, 0x4049, 0x4248},
		{1. / 3, 0x3eab, 0x3555},
		{inf, 0x7f80, 0x7c00},
		{-inf, 0xff80, 0xfc00},
		// ties, to even, and what is next to them
		{1 + 0x1p-8, 0x3f80, 0x3c04},
		{1 + 0x1p-8 + ulp, 0x3f81, 0x3c04},
		{1 + 0x3p-8, 0x3f82, 0x3c0c},
		{1 + 0x3p-8 - ulp, 0x3f81, 0x3c0c},
		{1 + 0x1p-11, 0x3f80, 0x3c00},
		{1 + 0x1p-11 + ulp, 0x3f80, 0x3c01},
		{1 + 0x3p-11, 0x3f80, 0x3c02},
		{2 - ulp, 0x4000, 0x4000}, // a carry into the exponent
		// the largest of F16, and the first that rounds to infinity
		{65504, 0x4780, 0x7bff},
		{65519.996, 0x4780, 0x7bff},
		{65520, 0x4780, 0x7c00},
		{-1e6, 0xc974, 0xfc00},
		// the largest of BF16, float32's largest
		{0x1.fep127, 0x7f7f, 0x7c00},
		{math.MaxFloat32, 0x7f80, 0x7c00},
		// the smallest normal of F16, and below it
		{0x1p-14, 0x3880, 0x0400},
		{0x1.ffcp-15, 0x3880, 0x0400}, // a tie, into the normal numbers
		{0x1.ff8p-15, 0x3880, 0x03ff},
		{0x1p-24, 0x3380, 0x0001},
		{0x1.8p-24, 0x33c0, 0x0002},
		{0x1p-25, 0x3300, 0x0000},
		{0x1.000002p-25, 0x3300, 0x0001},
		{-0x1p-26, 0xb280, 0x8000},
		// subnormal float32
		{0x1p-133, 0x0001, 0},
		{0x1p-134, 0x0000, 0},
		{0x1.8p-133, 0x0002, 0},
		{-math.SmallestNonzeroFloat32, 0x8000, 0x8000},
		// NaN keeps its sign and upper bits, and stays NaN without them
		{nan(0x7fc00000), 0x7fc0, 0x7e00},
		{nan(0xffc00000), 0xffc0, 0xfe00},
		{nan(0x7fa00000), 0x7fa0, 0x7d00},
		{nan(0x7f800001), 0x7fc0, 0x7e00},
		{nan(0xff800001), 0xffc0, 0xfe00},
		{nan(0x7fffffff), 0x7fff, 0x7fff},
	} {
		if got := toBF16(c.x); got != c.bf16 {
			t.Errorf("%v (%#08x) is BF16 %#04x, want %#04x", c.x, math.Float32bits(c.x), got, c.bf16)
		}
		if got := toF16(c.x); got != c.f16 {
			t.Errorf("%v (%#08x) is F16 %#04x, want %#04x", c.x, math.Float32bits(c.x), got, c.f16)
		}
	}
}

// What the fields of a pattern say it is: the plain reading.
func plainValue(h uint16, exponentBits, fractionBits int) float64 {
	bias := 1<<(exponentBits-1) - 1
	exponent := int(h>>fractionBits) & (1<<exponentBits - 1)
	fraction := float64(h&(1<<fractionBits-1)) / float64(int(1)<<fractionBits)
	sign := 1 - 2*float64(h>>15)
	switch {
	case exponent == 1<<exponentBits-1 && fraction != 0:
		return math.NaN()
	case exponent == 1<<exponentBits-1:
		return math.Inf(int(sign))
	case exponent == 0:
		return sign * math.Ldexp(fraction, 1-bias)
	}
	return sign * math.Ldexp(1+fraction, exponent-bias)
}

var halves = []struct {
	DType
	exponentBits, fractionBits int
	infinity                   uint16
}{
	{BF16, 8, 7, 0x7f80},
	{F16, 5, 10, 0x7c00},
}

// Every pattern is read as what it says, and written as what it was.
func TestHalvesEveryPattern(t *testing.T) {
	for _, c := range halves {
		k := kinds[c.DType]
		for i := range 1 << 16 {
			h := uint16(i)
			x, want := float64(k.widen(h)), plainValue(h, c.exponentBits, c.fractionBits)
			if x != want && !(math.IsNaN(x) && math.IsNaN(want)) || math.Signbit(x) != (h>>15 == 1) {
				t.Errorf("%s %#04x is read as %v, want %v", c.DType, h, x, want)
			}
			if got := k.narrow(k.widen(h)); got != h {
				t.Errorf("%s %#04x is written as %#04x", c.DType, h, got)
			}
		}
	}
}

// Halfway between any two neighbours is the even one's, all closer is the closer
// one's; beyond the largest the next neighbour is where infinity begins.
func TestHalvesRoundToNearestEven(t *testing.T) {
	for _, c := range halves {
		k := kinds[c.DType]
		check := func(x float32, want uint16) {
			t.Helper()
			if got, minus := k.narrow(x), k.narrow(-x); got != want || minus != want|0x8000 {
				t.Errorf("%s: ±%v is written as %#04x and %#04x, want %#04x", c.DType, x, got, minus, want)
			}
		}
		for h := range c.infinity {
			lo, hi := plainValue(h, c.exponentBits, c.fractionBits), plainValue(h+1, c.exponentBits, c.fractionBits)
			if h+1 == c.infinity {
				hi = math.Ldexp(1, 1<<(c.exponentBits-1))
			}
			middle := float32((lo + hi) / 2)
			if float64(middle) != (lo+hi)/2 {
				t.Fatalf("%s: %v is no float32", c.DType, (lo+hi)/2)
			}
			check(middle, h+h&1)
			check(math.Nextafter32(middle, 0), h)
			check(math.Nextafter32(middle, float32(math.Inf(1))), h+1)
		}
	}
}

// Random float32 of all sizes go to the nearest that a search finds.
func TestHalvesAgainstSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 0))
	for _, c := range halves {
		k := kinds[c.DType]
		value := func(h int) float64 { // up to where infinity begins
			if h == int(c.infinity) {
				return math.Ldexp(1, 1<<(c.exponentBits-1))
			}
			return plainValue(uint16(h), c.exponentBits, c.fractionBits)
		}
		for range 100_000 {
			x := math.Float32frombits(rng.Uint32N(0x7f800000))
			want := sort.Search(int(c.infinity), func(h int) bool { return value(h) >= float64(x) }) // the first not below
			if want > 0 {
				below, above := float64(x)-value(want-1), value(want)-float64(x)
				if below < above || below == above && want%2 == 1 {
					want--
				}
			}
			if got := k.narrow(x); got != uint16(want) {
				t.Fatalf("%s: %v is written as %#04x, want %#04x", c.DType, x, got, want)
			}
		}
	}
}
