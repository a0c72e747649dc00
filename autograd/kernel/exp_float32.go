package kernel

import "math"

// The activations in float32 arithmetic, for where there is no assembly: a third
// of the time that math.Exp takes. As in asm/exp.go,
//
//	eˣ = 2^(n+j/16)·eʳ    eʳ ≈ 1 + r·(1 + r/2 + r²/6)
//
// with n+j/16 the sixteenth nearest to x/ln 2. A compiler that fuses a product
// with a sum changes last bits, so only one binary gives the same bits always.
const (
	log2e = 1.44269504
	ln2Hi = 0.693359375 // ln 2 = ln2Hi + ln2Lo; nine bits, so that n·ln2Hi is exact without fusing
	ln2Lo = -2.12194440054690583e-4

	// Added to a small number, this leaves its sixteenths in the last bits.
	sixteenths = 3 << 18
)

// powers are the bits of 2^(j/16).
var powers = func() (p [16]uint32) {
	for j := range p {
		p[j] = math.Float32bits(float32(math.Exp2(float64(j) / 16)))
	}
	return p
}()

// ordinary tells whether eˣ and e⁻ˣ are normal numbers, with room for the terms
// they are made of. The others, and NaN, are so rare that they may take the way
// through float64.
func ordinary(x float32) bool { return x > -80 && x < 80 }

// deciding tells whether σ(x) is neither 0 nor 1.
func deciding(x float32) bool { return x > negligible && x < -negligible }

// exp32 is eˣ for an ordinary x. It is just small enough to be inlined.
func exp32(x float32) float32 {
	t := x*log2e + sixteenths // the last bits are 16n+j
	n := t - sixteenths
	r := x - n*ln2Hi - n*ln2Lo
	i := math.Float32bits(t)
	power := math.Float32frombits(powers[i&15] + i>>4<<23) // n is added to the exponent
	return power + power*r*(1+r*(0.5+r*(1./6)))
}

func expFloat32(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !ordinary(v) {
			dst[i] = float32(math.Exp(float64(v)))
			continue
		}
		dst[i] = exp32(v)
	}
}

// Of a deciding x, 1/(1+e⁻ˣ) is good on either side of zero: no case depends on
// the sign, which no processor could predict.
func sigmoidFloat32(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !deciding(v) {
			dst[i] = float32(sigma(float64(v)))
			continue
		}
		dst[i] = 1 / (1 + exp32(-v))
	}
}

// siluFloat32 gives the bits that siluBothFloat32 gives, so that backward may do a
// forward pass again.
func siluFloat32(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !deciding(v) {
			dst[i] = float32(silu(float64(v)))
			continue
		}
		s := 1 / (1 + exp32(-v))
		dst[i] = v * s
	}
}

// siluBothFloat32 has σ(−x) as e⁻ˣ·σ(x), without cancellation.
func siluBothFloat32(y, dydx, x []float32) {
	y, dydx = y[:len(x)], dydx[:len(x)]
	for i, v := range x {
		if !deciding(v) {
			y[i], dydx[i] = float32(silu(float64(v))), float32(siluSlope(float64(v)))
			continue
		}
		e := exp32(-v)
		s := 1 / (1 + e)
		z := v * s
		y[i], dydx[i] = z, s+z*(e*s)
	}
}

func siluGradFloat32(dx, x, dy []float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		if !deciding(v) {
			dx[i] += dy[i] * float32(siluSlope(float64(v)))
			continue
		}
		e := exp32(-v)
		s := 1 / (1 + e)
		dx[i] += dy[i] * (s + v*s*(e*s))
	}
}

func biasSiLUFloat32(y, x, bias []float32, rows int) {
	n := len(bias)
	for r := range rows {
		row := y[r*n : r*n+n]
		addTo(row, x[r*n:r*n+n], bias)
		siluFloat32(row, row)
	}
}

func biasSiLUBothFloat32(y, dydx, x, bias []float32, rows int) {
	n := len(bias)
	for r := range rows {
		row := y[r*n : r*n+n]
		addTo(row, x[r*n:r*n+n], bias)
		siluBothFloat32(row, dydx[r*n:r*n+n], row)
	}
}

// addTo writes dst = x + bias.
func addTo(dst, x, bias []float32) {
	dst, x = dst[:len(bias)], x[:len(bias)]
	for i, b := range bias {
		dst[i] = x[i] + b
	}
}

// tanhFloat32 is −m/(2+m) with m = e^(−2|x|) − 1 made without cancellation, which
// a table of rounded powers would not allow: asm/tanh.go tells how, and where the
// polynomial is from.
func tanhFloat32(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !(v > -20 && v < 20) { // ±1, or NaN
			dst[i] = float32(math.Tanh(float64(v)))
			continue
		}
		a := -2 * math.Float32frombits(math.Float32bits(v)&^(1<<31))
		t := a*log2e + integers
		n := t - integers
		r := a - n*ln2Hi - n*ln2Lo
		m := 0.041668400168418884 + r*(0.00836885068565607+r*0.0013814320554956794)
		m = r + r*r*(0.4999999403953552+r*(0.1666651964187622+r*m))
		power := math.Float32frombits(math.Float32bits(1) + math.Float32bits(t)<<23)
		m = power*m + (power - 1)
		y := -m / (2 + m)
		dst[i] = math.Float32frombits(math.Float32bits(y)&^(1<<31) | math.Float32bits(v)&(1<<31))
	}
}

// integers is what sixteenths is, for whole numbers.
const integers = 3 << 22
