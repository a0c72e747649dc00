package kernel

// PairSum adds gated messages at their receivers: y[i] += Σ_j gate[p]·m[p]. y is
// (atoms, n), m (pairs, n), gate (pairs).
func PairSum[T Float](y, m, gate []T, n int, runs []Run) {
	sameLen("PairSum", pairsOf("PairSum", runs, rowsOf("PairSum", len(y), n)), len(gate))
	sameLen("PairSum", len(gate)*n, len(m))
	if f := fast[T](); f != nil {
		f.pairSum(ptr(y), ptr(m), ptr(gate), n, runPtr(runs), len(runs))
		return
	}
	pairSumGo(y, m, gate, n, runs)
}

func pairSumGo[T Float](y, m, gate []T, n int, runs []Run) {
	p := 0
	for _, r := range runs {
		scaleRowsAddGo(y[r.I*n:r.I*n+n], m[p*n:(p+r.N)*n], gate[p:p+r.N])
		p += r.N
	}
}

// PairGateGrad passes dy, the gradient at PairSum's result, to the gate's input
// and through the activation of m, with gate = g(m·w), m = SiLU(z):
//
//	dgate[p] = gslope[p]·(m[p]·dy[i])
//	dz[p]    = (gate[p]·dy[i] + dgate[p]·w) ⊙ slope[p]
//
// gslope (pairs) is the derivative of g, slope (pairs, n) that of SiLU. dz may be
// slope.
func PairGateGrad[T Float](dz, dgate, m, slope, gate, gslope, dy, w []T, runs []Run) {
	const name = "PairGateGrad"
	pairs, n := pairsOf(name, runs, rowsOf(name, len(dy), len(w))), len(w)
	sameLen(name, pairs, len(gate), len(gslope), len(dgate))
	sameLen(name, pairs*n, len(m), len(slope), len(dz))
	if f := fast[T](); f != nil {
		f.pairGateGrad(ptr(dz), ptr(dgate), ptr(m), ptr(slope), ptr(gate), ptr(gslope), ptr(dy), ptr(w), n, runPtr(runs), len(runs))
		return
	}
	pairGateGradGo(dz, dgate, m, slope, gate, gslope, dy, w, runs)
}

func pairGateGradGo[T Float](dz, dgate, m, slope, gate, gslope, dy, w []T, runs []Run) {
	n, p := len(w), 0
	for _, r := range runs {
		dyi := dy[r.I*n : r.I*n+n]
		for range r.N {
			dzp, slopep := dz[p*n:p*n+n], slope[p*n:p*n+n]
			g, dg := gate[p], gslope[p]*dotGo(m[p*n:p*n+n], dyi)
			dgate[p] = dg
			for k, wk := range w {
				dzp[k] = (g*dyi[k] + dg*wk) * slopep[k]
			}
			p++
		}
	}
}

// BiasSiLUDot writes the second activation of an edge MLP and its product with a
// vector: y[r,:] = SiLU(x[r,:] + bias), dot[r] = y[r,:]·w + c. y and x are (rows,
// n), bias and w (n), dot (rows). y may be x.
func BiasSiLUDot[T Float](y, dot, x, bias, w []T, c T) {
	dotShape("BiasSiLUDot", dot, bias, w, x, y)
	switch f := fast[T](); {
	case f != nil:
		f.biasSiLUDot(ptr(y), ptr(dot), ptr(x), ptr(bias), ptr(w), float32(c), len(dot), len(w))
	case isFloat32[T]():
		biasSiLUFloat32(f32(y), f32(x), f32(bias), len(dot))
		rowDotAddGo(dot, y, w, c)
	default:
		biasSiLUDotGo(y, dot, x, bias, w, c)
	}
}

func biasSiLUDotGo[T Float](y, dot, x, bias, w []T, c T) {
	biasSiLUGo(y, x, bias, len(dot))
	rowDotAddGo(dot, y, w, c)
}

func rowDotAddGo[T Float](dot, y, w []T, c T) {
	rowDotGo(dot, y, w)
	for r := range dot {
		dot[r] += c
	}
}

// BiasSiLUDotBoth is BiasSiLUDot, and writes the derivative of y too, slope (rows,
// n). One of y and slope may be x.
func BiasSiLUDotBoth[T Float](y, slope, dot, x, bias, w []T, c T) {
	dotShape("BiasSiLUDotBoth", dot, bias, w, x, y, slope)
	switch f := fast[T](); {
	case f != nil:
		f.biasSiLUDotBoth(ptr(y), ptr(slope), ptr(dot), ptr(x), ptr(bias), ptr(w), float32(c), len(dot), len(w))
	case isFloat32[T]():
		biasSiLUBothFloat32(f32(y), f32(slope), f32(x), f32(bias), len(dot))
		rowDotAddGo(dot, y, w, c)
	default:
		biasSiLUDotBothGo(y, slope, dot, x, bias, w, c)
	}
}

func biasSiLUDotBothGo[T Float](y, slope, dot, x, bias, w []T, c T) {
	biasSiLUBothGo(y, slope, x, bias, len(dot))
	rowDotAddGo(dot, y, w, c)
}

// DotGrad passes ddot (rows), the gradient at BiasSiLUDot's product, to its x, where
// nothing else depends on y: dz[r,:] = ddot[r]·w ⊙ slope[r,:]. dz may be slope.
func DotGrad[T Float](dz, ddot, w, slope []T) {
	dotShape("DotGrad", ddot, w, w, dz, slope)
	if f := fast[T](); f != nil {
		f.dotGrad(ptr(dz), ptr(ddot), ptr(w), ptr(slope), len(ddot), len(w))
		return
	}
	dotGradGo(dz, ddot, w, slope)
}

func dotGradGo[T Float](dz, ddot, w, slope []T) {
	n := len(w)
	for r, g := range ddot {
		dzr, sr := dz[r*n:r*n+n], slope[r*n:r*n+n]
		for k, wk := range w {
			dzr[k] = g * wk * sr[k]
		}
	}
}

func dotShape[T Float](name string, dot, bias, w []T, rows ...[]T) {
	sameLen(name, len(bias), len(w))
	for _, x := range rows {
		sameLen(name, len(dot)*len(w), len(x))
	}
}
