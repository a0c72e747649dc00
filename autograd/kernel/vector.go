package kernel

// Add adds dst += x.
func Add[T Float](dst, x []T) {
	sameLen("Add", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.add(ptr(dst), ptr(x), len(x))
		return
	}
	addGo(dst, x)
}

func addGo[T Float](dst, x []T) {
	for i, v := range x {
		dst[i] += v
	}
}

// AddScaled adds dst += alpha·x.
func AddScaled[T Float](dst []T, alpha T, x []T) {
	sameLen("AddScaled", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.addScaled(ptr(dst), float32(alpha), ptr(x), len(x))
		return
	}
	addScaledGo(dst, alpha, x)
}

func addScaledGo[T Float](dst []T, alpha T, x []T) {
	for i, v := range x {
		dst[i] += alpha * v
	}
}

// Scale writes dst = alpha·x. dst may be x.
func Scale[T Float](dst []T, alpha T, x []T) {
	sameLen("Scale", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.scale(ptr(dst), float32(alpha), ptr(x), len(x))
		return
	}
	scaleGo(dst, alpha, x)
}

func scaleGo[T Float](dst []T, alpha T, x []T) {
	for i, v := range x {
		dst[i] = alpha * v
	}
}

// Lerp moves dst towards x: dst += w·(x−dst), a moving average's step.
func Lerp[T Float](dst, x []T, w T) {
	sameLen("Lerp", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.lerp(ptr(dst), float32(w), ptr(x), len(x))
		return
	}
	lerpGo(dst, x, w)
}

func lerpGo[T Float](dst, x []T, w T) {
	for i, v := range x {
		dst[i] += w * (v - dst[i])
	}
}

// Mul writes dst = x⊙y. dst may be x or y.
func Mul[T Float](dst, x, y []T) {
	sameLen("Mul", len(dst), len(x), len(y))
	if f := fast[T](); f != nil {
		f.mul(ptr(dst), ptr(x), ptr(y), len(x))
		return
	}
	mulGo(dst, x, y)
}

func mulGo[T Float](dst, x, y []T) {
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// MulAdd adds dst += x⊙y.
func MulAdd[T Float](dst, x, y []T) {
	sameLen("MulAdd", len(dst), len(x), len(y))
	if f := fast[T](); f != nil {
		f.mulAdd(ptr(dst), ptr(x), ptr(y), len(x))
		return
	}
	mulAddGo(dst, x, y)
}

func mulAddGo[T Float](dst, x, y []T) {
	for i, v := range x {
		dst[i] += v * y[i]
	}
}

// Dot returns Σ x·y. The order of the sum depends on the length alone, never on
// where the slices lie in memory.
func Dot[T Float](x, y []T) T {
	sameLen("Dot", len(x), len(y))
	if f := fast[T](); f != nil {
		return T(f.dot(ptr(x), ptr(y), len(x)))
	}
	return dotGo(x, y)
}

func dotGo[T Float](x, y []T) T {
	var sum T
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

// SumSquares returns Σ x², summed in float64: a gradient's norm over millions of
// parameters. The order depends on the length alone.
func SumSquares[T Float](x []T) float64 {
	if f := fast[T](); f != nil {
		return f.sumSquares(ptr(x), len(x))
	}
	return sumSquaresGo(x)
}

func sumSquaresGo[T Float](x []T) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}
