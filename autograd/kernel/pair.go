package kernel

import (
	"fmt"
	"unsafe"
)

// Run is consecutive senders of one receiver: the pairs (I, J), …, (I, J+N−1).
// The pairs of a list of runs are numbered through it. One call does a list, for
// a run is too short to be worth a call.
//
// Legend of the functions named Pair…: p is a pair, i its receiver, j its sender;
// what belongs to an atom is (atoms, n), to a pair (pairs, n) or (pairs).
type Run struct{ I, J, N int }

// pairsOf returns the number of pairs, all of whose atoms must be below atoms.
func pairsOf(name string, runs []Run, atoms int) (pairs int) {
	for _, r := range runs {
		if r.I < 0 || r.J < 0 || r.N < 0 || r.I >= atoms || r.J+r.N > atoms {
			panic(fmt.Sprintf("kernel: %s: run %v of %d atoms", name, r, atoms))
		}
		pairs += r.N
	}
	return pairs
}

// runPtr is ptr for runs.
func runPtr(runs []Run) *int {
	p := unsafe.SliceData(runs)
	address := *(*uintptr)(unsafe.Pointer(&p))
	return *(**int)(unsafe.Pointer(&address))
}

// PairSiLU writes the first activation of an edge MLP whose first linear layer is
// split per atom, W·[h_i, h_j, d, d0] = u_i + v_j + d·wd + d0·w0:
//
//	a[p] = SiLU(u[i] + v[j] + d[p]·wd + d0[p]·w0)
//
// u, v are (atoms, n), a (pairs, n), d, d0 (pairs) squared distances, now and at
// the input, wd, w0 (n).
func PairSiLU[T Float](a, u, v, d, d0, wd, w0 []T, runs []Run) {
	pairShape("PairSiLU", u, v, d, d0, wd, w0, runs, a)
	switch f := fast[T](); {
	case f != nil:
		f.pairSiLU(ptr(a), ptr(u), ptr(v), ptr(d), ptr(d0), ptr(wd), ptr(w0), len(wd), runPtr(runs), len(runs))
	case isFloat32[T]():
		pairPreGo(a, u, v, d, d0, wd, w0, runs)
		siluFloat32(f32(a), f32(a))
	default:
		pairSiLUGo(a, u, v, d, d0, wd, w0, runs)
	}
}

func pairSiLUGo[T Float](a, u, v, d, d0, wd, w0 []T, runs []Run) {
	pairPreGo(a, u, v, d, d0, wd, w0, runs)
	siluGo(a, a)
}

// pairPreGo writes the argument of the activation.
func pairPreGo[T Float](a, u, v, d, d0, wd, w0 []T, runs []Run) {
	n, p := len(wd), 0
	w0 = w0[:n]
	for _, r := range runs {
		ui := u[r.I*n : r.I*n+n]
		for j := r.J; j < r.J+r.N; j++ {
			dp, d0p, vj, row := d[p], d0[p], v[j*n:j*n+n], a[p*n:p*n+n]
			for k, w := range wd {
				row[k] = ui[k] + vj[k] + dp*w + d0p*w0[k]
			}
			p++
		}
	}
}

// PairSiLUBoth is PairSiLU, and writes the derivative too, slope (pairs, n).
func PairSiLUBoth[T Float](a, slope, u, v, d, d0, wd, w0 []T, runs []Run) {
	pairShape("PairSiLUBoth", u, v, d, d0, wd, w0, runs, a, slope)
	switch f := fast[T](); {
	case f != nil:
		f.pairSiLUBoth(ptr(a), ptr(slope), ptr(u), ptr(v), ptr(d), ptr(d0), ptr(wd), ptr(w0), len(wd), runPtr(runs), len(runs))
	case isFloat32[T]():
		pairPreGo(a, u, v, d, d0, wd, w0, runs)
		siluBothFloat32(f32(a), f32(slope), f32(a))
	default:
		pairSiLUBothGo(a, slope, u, v, d, d0, wd, w0, runs)
	}
}

func pairSiLUBothGo[T Float](a, slope, u, v, d, d0, wd, w0 []T, runs []Run) {
	pairPreGo(a, u, v, d, d0, wd, w0, runs)
	siluBothGo(a, slope, a)
}

// PairGrad passes da (pairs, n), the gradient at PairSiLU's result, to all its
// inputs in one pass. With g = da⊙slope,
//
//	du[i] += Σ_j g[p]     dwd += Σ_p d[p]·g[p]     dw0 += Σ_p d0[p]·g[p]
//	dv[j] += g[p]         dd[p] += g[p]·wd         dd0[p] += g[p]·w0
func PairGrad[T Float](du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0 []T, runs []Run) {
	pairShape("PairGrad", du, dv, d, d0, wd, w0, runs, da, slope)
	sameLen("PairGrad", len(wd), len(dwd), len(dw0))
	sameLen("PairGrad", len(d), len(dd), len(dd0))
	if f := fast[T](); f != nil {
		f.pairGrad(ptr(du), ptr(dv), ptr(dwd), ptr(dw0), ptr(dd), ptr(dd0), ptr(da), ptr(slope),
			ptr(d), ptr(d0), ptr(wd), ptr(w0), len(wd), runPtr(runs), len(runs))
		return
	}
	pairGradGo(du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0, runs)
}

func pairGradGo[T Float](du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0 []T, runs []Run) {
	n, p := len(wd), 0
	dwd, dw0, w0 = dwd[:n], dw0[:n], w0[:n]
	for _, r := range runs {
		dui := du[r.I*n : r.I*n+n]
		for j := r.J; j < r.J+r.N; j++ {
			dvj, dap, slopep := dv[j*n:j*n+n], da[p*n:p*n+n], slope[p*n:p*n+n]
			dp, d0p, ddp, dd0p := d[p], d0[p], T(0), T(0)
			for k, w := range wd {
				g := dap[k] * slopep[k]
				dui[k] += g
				dvj[k] += g
				dwd[k] += dp * g
				dw0[k] += d0p * g
				ddp += g * w
				dd0p += g * w0[k]
			}
			dd[p] += ddp
			dd0[p] += dd0p
			p++
		}
	}
}

func pairShape[T Float](name string, u, v, d, d0, wd, w0 []T, runs []Run, pairs ...[]T) {
	n := len(wd)
	sameLen(name, n, len(w0))
	sameLen(name, len(u), len(v))
	count := pairsOf(name, runs, rowsOf(name, len(u), n))
	sameLen(name, count, len(d), len(d0))
	for _, x := range pairs {
		sameLen(name, count*n, len(x))
	}
}
