package kernel

// SiLU writes dst = x·σ(x). dst may be x.
func SiLU[T Float](dst, x []T) {
	sameLen("SiLU", len(dst), len(x))
	switch f := fast[T](); {
	case f != nil:
		f.silu(ptr(dst), ptr(x), len(x))
	case isFloat32[T]():
		siluFloat32(f32(dst), f32(x))
	default:
		siluGo(dst, x)
	}
}

func siluGo[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = T(silu(float64(v)))
	}
}

func silu(x float64) float64 { return x * sigma(x) }

// siluSlope is d(x·σ(x))/dx = σ(x)·(1 + x·σ(−x)).
func siluSlope(x float64) float64 { return sigma(x) * (1 + x*sigma(-x)) }

// SiLUGrad adds dx += dy·σ(x)(1+x(1−σ(x))).
func SiLUGrad[T Float](dx, x, dy []T) {
	sameLen("SiLUGrad", len(dx), len(x), len(dy))
	switch f := fast[T](); {
	case f != nil:
		f.siluGrad(ptr(dx), ptr(x), ptr(dy), len(x))
	case isFloat32[T]():
		siluGradFloat32(f32(dx), f32(x), f32(dy))
	default:
		siluGradGo(dx, x, dy)
	}
}

func siluGradGo[T Float](dx, x, dy []T) {
	for i, v := range x {
		dx[i] += dy[i] * T(siluSlope(float64(v)))
	}
}

// SiLUBoth writes y = x·σ(x) and its derivative dydx from one exponential. One
// of y and dydx may be x.
func SiLUBoth[T Float](y, dydx, x []T) {
	sameLen("SiLUBoth", len(y), len(dydx), len(x))
	switch f := fast[T](); {
	case f != nil:
		f.siluBoth(ptr(y), ptr(dydx), ptr(x), len(x))
	case isFloat32[T]():
		siluBothFloat32(f32(y), f32(dydx), f32(x))
	default:
		siluBothGo(y, dydx, x)
	}
}

func siluBothGo[T Float](y, dydx, x []T) {
	for i, v := range x {
		y[i], dydx[i] = T(silu(float64(v))), T(siluSlope(float64(v)))
	}
}

// BiasSiLU writes y[r,:] = SiLU(x[r,:] + bias): the end of a linear layer. y and
// x are (rows, n), bias is (n). y may be x.
func BiasSiLU[T Float](y, x, bias []T) {
	sameLen("BiasSiLU", len(y), len(x))
	rows := rowsOf("BiasSiLU", len(x), len(bias))
	switch f := fast[T](); {
	case f != nil:
		f.biasSiLU(ptr(y), ptr(x), ptr(bias), rows, len(bias))
	case isFloat32[T]():
		biasSiLUFloat32(f32(y), f32(x), f32(bias), rows)
	default:
		biasSiLUGo(y, x, bias, rows)
	}
}

func biasSiLUGo[T Float](y, x, bias []T, rows int) {
	n := len(bias)
	for r := range rows {
		for j, b := range bias {
			y[r*n+j] = T(silu(float64(x[r*n+j] + b)))
		}
	}
}

// BiasSiLUBoth is BiasSiLU, and writes the derivative too: dydx[r,:] =
// SiLU'(x[r,:] + bias). One of y and dydx may be x.
func BiasSiLUBoth[T Float](y, dydx, x, bias []T) {
	sameLen("BiasSiLUBoth", len(y), len(dydx), len(x))
	rows := rowsOf("BiasSiLUBoth", len(x), len(bias))
	switch f := fast[T](); {
	case f != nil:
		f.biasSiLUBoth(ptr(y), ptr(dydx), ptr(x), ptr(bias), rows, len(bias))
	case isFloat32[T]():
		biasSiLUBothFloat32(f32(y), f32(dydx), f32(x), f32(bias), rows)
	default:
		biasSiLUBothGo(y, dydx, x, bias, rows)
	}
}

func biasSiLUBothGo[T Float](y, dydx, x, bias []T, rows int) {
	n := len(bias)
	for r := range rows {
		for j, b := range bias {
			v := float64(x[r*n+j] + b)
			y[r*n+j], dydx[r*n+j] = T(silu(v)), T(siluSlope(v))
		}
	}
}
