package kernel

import "math"

// Exp writes dst = eˣ. dst may be x.
func Exp[T Float](dst, x []T) {
	sameLen("Exp", len(dst), len(x))
	switch f := fast[T](); {
	case f != nil:
		f.exp(ptr(dst), ptr(x), len(x))
	case isFloat32[T]():
		expFloat32(f32(dst), f32(x))
	default:
		expGo(dst, x)
	}
}

func expGo[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = T(math.Exp(float64(v)))
	}
}

// Sigmoid writes dst = σ(x) = 1/(1+e⁻ˣ). dst may be x.
func Sigmoid[T Float](dst, x []T) {
	sameLen("Sigmoid", len(dst), len(x))
	switch f := fast[T](); {
	case f != nil:
		f.sigmoid(ptr(dst), ptr(x), len(x))
	case isFloat32[T]():
		sigmoidFloat32(f32(dst), f32(x))
	default:
		sigmoidGo(dst, x)
	}
}

func sigmoidGo[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = T(sigma(float64(v)))
	}
}

// negligible is where σ(x) ends, 8.8e−27 of it: below, it is zero, in every kernel and for
// SiLU and its slope too. Otherwise products with what it gives would soon be
// denormal, and take a hundred times as long each; atoms that are far from each other
// have x of −100 and less in half of their channels.
const negligible = -60

func sigma(x float64) float64 {
	if x < negligible {
		return 0
	}
	return 1 / (1 + math.Exp(-x))
}

// SigmoidGrad adds dx += dy·y(1−y), from the output y = σ(x).
func SigmoidGrad[T Float](dx, y, dy []T) {
	sameLen("SigmoidGrad", len(dx), len(y), len(dy))
	if f := fast[T](); f != nil {
		f.sigmoidGrad(ptr(dx), ptr(y), ptr(dy), len(y))
		return
	}
	sigmoidGradGo(dx, y, dy)
}

func sigmoidGradGo[T Float](dx, y, dy []T) {
	for i, v := range y {
		dx[i] += dy[i] * (v * (1 - v))
	}
}

// Tanh writes dst = tanh x. dst may be x.
func Tanh[T Float](dst, x []T) {
	sameLen("Tanh", len(dst), len(x))
	switch f := fast[T](); {
	case f != nil:
		f.tanh(ptr(dst), ptr(x), len(x))
	case isFloat32[T]():
		tanhFloat32(f32(dst), f32(x))
	default:
		tanhGo(dst, x)
	}
}

func tanhGo[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] = T(math.Tanh(float64(v)))
	}
}

// TanhGrad adds dx += dy·(1−y²), from the output y = tanh x.
func TanhGrad[T Float](dx, y, dy []T) {
	sameLen("TanhGrad", len(dx), len(y), len(dy))
	if f := fast[T](); f != nil {
		f.tanhGrad(ptr(dx), ptr(y), ptr(dy), len(y))
		return
	}
	tanhGradGo(dx, y, dy)
}

func tanhGradGo[T Float](dx, y, dy []T) {
	for i, v := range y {
		dx[i] += dy[i] * (1 - v*v)
	}
}
