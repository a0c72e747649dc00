package kernel

// The first linear layer of an edge MLP, split per atom: W·[h_i, h_j, d, d0] =
// u + v_j + d·w0 + d0·w1 with u = W_s·h_i + bias once for the receiver i, v_j =
// W_d·h_j once for each sender. One call does the senders of one receiver:
//
//	u, w0, w1 (n)    v (rows, n)    d, d0 (rows): squared distances, now and at the input

// EdgePre writes dst[r,:] = u + v[r,:] + d[r]·w0 + d0[r]·w1. dst may be v.
func EdgePre[T Float](dst, u, v, d, d0, w0, w1 []T) {
	rows, n := edgeShape("EdgePre", u, v, d, d0, w0, w1)
	sameLen("EdgePre", rows*n, len(dst))
	if f := fast[T](); f != nil {
		f.edgePre(ptr(dst), ptr(u), ptr(v), ptr(d), ptr(d0), ptr(w0), ptr(w1), rows, n)
		return
	}
	edgePreGo(dst, u, v, d, d0, w0, w1)
}

func edgePreGo[T Float](dst, u, v, d, d0, w0, w1 []T) {
	n := len(u)
	w0, w1 = w0[:n], w1[:n]
	for r, dr := range d {
		d0r, vr, row := d0[r], v[r*n:r*n+n], dst[r*n:r*n+n]
		for j := range u {
			row[j] = u[j] + vr[j] + dr*w0[j] + d0r*w1[j]
		}
	}
}

// EdgePreSiLU writes dst = SiLU(EdgePre). dst may be v.
func EdgePreSiLU[T Float](dst, u, v, d, d0, w0, w1 []T) {
	rows, n := edgeShape("EdgePreSiLU", u, v, d, d0, w0, w1)
	sameLen("EdgePreSiLU", rows*n, len(dst))
	switch f := fast[T](); {
	case f != nil:
		f.edgePreSiLU(ptr(dst), ptr(u), ptr(v), ptr(d), ptr(d0), ptr(w0), ptr(w1), rows, n)
	case isFloat32[T]():
		edgePreGo(dst, u, v, d, d0, w0, w1)
		siluFloat32(f32(dst), f32(dst))
	default:
		edgePreSiLUGo(dst, u, v, d, d0, w0, w1)
	}
}

func edgePreSiLUGo[T Float](dst, u, v, d, d0, w0, w1 []T) {
	edgePreGo(dst, u, v, d, d0, w0, w1)
	siluGo(dst, dst)
}

// EdgePreSiLUBoth writes y = SiLU(EdgePre) and dydx, the derivative there. One of
// y and dydx may be v.
func EdgePreSiLUBoth[T Float](y, dydx, u, v, d, d0, w0, w1 []T) {
	rows, n := edgeShape("EdgePreSiLUBoth", u, v, d, d0, w0, w1)
	sameLen("EdgePreSiLUBoth", rows*n, len(y), len(dydx))
	switch f := fast[T](); {
	case f != nil:
		f.edgePreSiLUBoth(ptr(y), ptr(dydx), ptr(u), ptr(v), ptr(d), ptr(d0), ptr(w0), ptr(w1), rows, n)
	case isFloat32[T]():
		edgePreGo(y, u, v, d, d0, w0, w1)
		siluBothFloat32(f32(y), f32(dydx), f32(y))
	default:
		edgePreSiLUBothGo(y, dydx, u, v, d, d0, w0, w1)
	}
}

func edgePreSiLUBothGo[T Float](y, dydx, u, v, d, d0, w0, w1 []T) {
	edgePreGo(y, u, v, d, d0, w0, w1)
	siluBothGo(y, dydx, y)
}

// EdgePreGrad passes g (rows, n), the gradient at EdgePre's dst, to all its
// inputs in one pass:
//
//	du += Σ_r g[r]     dw0 += Σ_r d[r]·g[r]     dw1 += Σ_r d0[r]·g[r]
//	dv[r] += g[r]      dd[r] += g[r]·w0         dd0[r] += g[r]·w1
func EdgePreGrad[T Float](du, dv, dw0, dw1, dd, dd0, g, d, d0, w0, w1 []T) {
	rows, n := edgeShape("EdgePreGrad", du, dv, d, d0, w0, w1)
	sameLen("EdgePreGrad", n, len(dw0), len(dw1))
	sameLen("EdgePreGrad", rows, len(dd), len(dd0))
	sameLen("EdgePreGrad", rows*n, len(g))
	if f := fast[T](); f != nil {
		f.edgePreGrad(ptr(du), ptr(dv), ptr(dw0), ptr(dw1), ptr(dd), ptr(dd0),
			ptr(g), ptr(d), ptr(d0), ptr(w0), ptr(w1), rows, n)
		return
	}
	edgePreGradGo(du, dv, dw0, dw1, dd, dd0, g, d, d0, w0, w1)
}

func edgePreGradGo[T Float](du, dv, dw0, dw1, dd, dd0, g, d, d0, w0, w1 []T) {
	n := len(du)
	for r := range d {
		gr := g[r*n : r*n+n]
		addGo(du, gr)
		addGo(dv[r*n:r*n+n], gr)
		addScaledGo(dw0, d[r], gr)
		addScaledGo(dw1, d0[r], gr)
		dd[r] += dotGo(gr, w0)
		dd0[r] += dotGo(gr, w1)
	}
}

func edgeShape[T Float](name string, u, v, d, d0, w0, w1 []T) (rows, n int) {
	rows, n = len(d), len(u)
	sameLen(name, rows, len(d0))
	sameLen(name, n, len(w0), len(w1))
	sameLen(name, rows*n, len(v))
	return rows, n
}
