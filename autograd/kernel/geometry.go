package kernel

import "math"

// Positions are in three planes here, x of all atoms, then y, then z: (3, atoms).
// Then a vector holds one coordinate of consecutive senders.

// PairDistances writes the squared distances d[p] = |x_i − x_j|².
func PairDistances[T Float](d, x []T, runs []Run) {
	atoms := len(x) / 3
	sameLen("PairDistances", pairsOf("PairDistances", runs, atoms), len(d))
	if f := fast[T](); f != nil {
		f.pairDistances(ptr(d), ptr(x), atoms, runPtr(runs), len(runs))
		return
	}
	pairDistancesGo(d, x, runs)
}

func pairDistancesGo[T Float](d, x []T, runs []Run) {
	n, p := len(x)/3, 0
	for _, r := range runs {
		for j := r.J; j < r.J+r.N; j++ {
			a, b, c := x[r.I]-x[j], x[n+r.I]-x[n+j], x[2*n+r.I]-x[2*n+j]
			d[p] = a*a + b*b + c*c
			p++
		}
	}
}

// PairDistancesGrad passes dd, the gradient at PairDistances' result, to x:
//
//	dx_i += Σ_j 2(x_i−x_j)·dd[p]     dx_j −= 2(x_i−x_j)·dd[p]
func PairDistancesGrad[T Float](dx, x, dd []T, runs []Run) {
	atoms := len(x) / 3
	sameLen("PairDistancesGrad", pairsOf("PairDistancesGrad", runs, atoms), len(dd))
	sameLen("PairDistancesGrad", len(x), len(dx))
	if f := fast[T](); f != nil {
		f.pairDistancesGrad(ptr(dx), ptr(x), ptr(dd), atoms, runPtr(runs), len(runs))
		return
	}
	pairDistancesGradGo(dx, x, dd, runs)
}

func pairDistancesGradGo[T Float](dx, x, dd []T, runs []Run) {
	n, p := len(x)/3, 0
	for _, r := range runs {
		for j := r.J; j < r.J+r.N; j++ {
			for at := 0; at < 3*n; at += n {
				s := 2 * dd[p] * (x[at+r.I] - x[at+j])
				dx[at+r.I] += s
				dx[at+j] -= s
			}
			p++
		}
	}
}

// PairShift adds the weighted directions to every receiver: y_i += Σ_j
// (x_i−x_j)·w[p]. y is (3, atoms).
func PairShift[T Float](y, x, w []T, runs []Run) {
	atoms := len(x) / 3
	sameLen("PairShift", pairsOf("PairShift", runs, atoms), len(w))
	sameLen("PairShift", len(x), len(y))
	if f := fast[T](); f != nil {
		f.pairShift(ptr(y), ptr(x), ptr(w), atoms, runPtr(runs), len(runs))
		return
	}
	pairShiftGo(y, x, w, runs)
}

func pairShiftGo[T Float](y, x, w []T, runs []Run) {
	n, p := len(x)/3, 0
	for _, r := range runs {
		for j := r.J; j < r.J+r.N; j++ {
			for at := 0; at < 3*n; at += n {
				y[at+r.I] += (x[at+r.I] - x[at+j]) * w[p]
			}
			p++
		}
	}
}

// PairShiftGrad passes dy (3, atoms), the gradient at PairShift's result, to its
// inputs; dw is written:
//
//	dw[p] = (x_i−x_j)·dy_i     dx_i += Σ_j w[p]·dy_i     dx_j −= w[p]·dy_i
func PairShiftGrad[T Float](dx, dw, x, w, dy []T, runs []Run) {
	atoms := len(x) / 3
	sameLen("PairShiftGrad", pairsOf("PairShiftGrad", runs, atoms), len(w), len(dw))
	sameLen("PairShiftGrad", len(x), len(dx), len(dy))
	if f := fast[T](); f != nil {
		f.pairShiftGrad(ptr(dx), ptr(dw), ptr(x), ptr(w), ptr(dy), atoms, runPtr(runs), len(runs))
		return
	}
	pairShiftGradGo(dx, dw, x, w, dy, runs)
}

func pairShiftGradGo[T Float](dx, dw, x, w, dy []T, runs []Run) {
	n, p := len(x)/3, 0
	for _, r := range runs {
		for j := r.J; j < r.J+r.N; j++ {
			dw[p] = 0
			for at := 0; at < 3*n; at += n {
				dw[p] += (x[at+r.I] - x[at+j]) * dy[at+r.I]
				dx[at+r.I] += w[p] * dy[at+r.I]
				dx[at+j] -= w[p] * dy[at+r.I]
			}
			p++
		}
	}
}

// Length writes dst = √(x + eps), the length whose square is x. dst may be x.
func Length[T Float](dst, x []T, eps T) {
	sameLen("Length", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.length(ptr(dst), ptr(x), float32(eps), len(x))
		return
	}
	lengthGo(dst, x, eps)
}

func lengthGo[T Float](dst, x []T, eps T) {
	for i, v := range x {
		dst[i] = T(math.Sqrt(float64(v + eps)))
	}
}

// Inverse writes dst = 1/((x + shift)·scale). dst may be x.
func Inverse[T Float](dst, x []T, shift, scale T) {
	sameLen("Inverse", len(dst), len(x))
	if f := fast[T](); f != nil {
		f.inverse(ptr(dst), ptr(x), float32(shift), float32(scale), len(x))
		return
	}
	inverseGo(dst, x, shift, scale)
}

func inverseGo[T Float](dst, x []T, shift, scale T) {
	for i, v := range x {
		dst[i] = 1 / ((v + shift) * scale)
	}
}
