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

// PairDot writes the product of every pair's row with its receiver's: dot[p] =
// m[p]·y[i]. With y the gradient at PairSum's result that is the gate's gradient.
func PairDot[T Float](dot, m, y []T, n int, runs []Run) {
	sameLen("PairDot", pairsOf("PairDot", runs, rowsOf("PairDot", len(y), n)), len(dot))
	sameLen("PairDot", len(dot)*n, len(m))
	if f := fast[T](); f != nil {
		f.pairDot(ptr(dot), ptr(m), ptr(y), n, runPtr(runs), len(runs))
		return
	}
	pairDotGo(dot, m, y, n, runs)
}

func pairDotGo[T Float](dot, m, y []T, n int, runs []Run) {
	p := 0
	for _, r := range runs {
		rowDotGo(dot[p:p+r.N], m[p*n:(p+r.N)*n], y[r.I*n:r.I*n+n])
		p += r.N
	}
}

// PairOuter passes dy, the gradient at PairSum's result, through the activation of
// m, with gate = g(s), s = m·w, m = SiLU(z), and ds the gradient of s:
//
//	dz[p] = (gate[p]·dy[i] + ds[p]·w) ⊙ slope[p]
//
// slope (pairs, n) is the derivative of SiLU. dz may be slope.
func PairOuter[T Float](dz, gate, dy, ds, w, slope []T, runs []Run) {
	const name = "PairOuter"
	pairs, n := pairsOf(name, runs, rowsOf(name, len(dy), len(w))), len(w)
	sameLen(name, pairs, len(gate), len(ds))
	sameLen(name, pairs*n, len(slope), len(dz))
	if f := fast[T](); f != nil {
		f.pairOuter(ptr(dz), ptr(gate), ptr(dy), ptr(ds), ptr(w), ptr(slope), n, runPtr(runs), len(runs))
		return
	}
	pairOuterGo(dz, gate, dy, ds, w, slope, runs)
}

func pairOuterGo[T Float](dz, gate, dy, ds, w, slope []T, runs []Run) {
	n, p := len(w), 0
	for _, r := range runs {
		dyi := dy[r.I*n : r.I*n+n]
		for range r.N {
			dzp, slopep := dz[p*n:p*n+n], slope[p*n:p*n+n]
			for k, wk := range w {
				dzp[k] = (gate[p]*dyi[k] + ds[p]*wk) * slopep[k]
			}
			p++
		}
	}
}

// DotGrad passes ddot (rows), the gradient at RowDot's result, through the
// activation of its x: dz[r,:] = ddot[r]·w ⊙ slope[r,:]. dz and slope are (rows, n), w
// (n). dz may be slope.
func DotGrad[T Float](dz, ddot, w, slope []T) {
	sameLen("DotGrad", len(ddot)*len(w), len(dz), len(slope))
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
