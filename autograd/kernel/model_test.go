package kernel

import (
	"math"
	"slices"
)

// A model says what a kernel computes to the bit, where its twin says it to a
// tolerance: which products are fused with a sum, and in which order sums run.

// fused models the assembly. Elsewhere the kernel is its twin.
var fused = map[string]func(x [][]float32, r, n int){
	"MulAdd": func(x [][]float32, _, _ int) {
		for i := range x[0] {
			x[0][i] = fma(x[1][i], x[2][i], x[0][i])
		}
	},
	"AddScaled": func(x [][]float32, _, _ int) {
		for i := range x[0] {
			x[0][i] = fma(x[1][i], -1.5, x[0][i])
		}
	},
	"Lerp": func(x [][]float32, _, _ int) {
		for i, v := range x[0] {
			x[0][i] = fma(x[1][i]-v, 0.3, v)
		}
	},
	"SigmoidGrad": func(x [][]float32, _, _ int) {
		for i, y := range x[1] {
			slope := y * (1 - y)
			x[0][i] = fma(x[2][i], slope, x[0][i])
		}
	},
	"TanhGrad": func(x [][]float32, _, _ int) {
		for i, y := range x[1] {
			x[0][i] = fma(x[2][i], fma(-y, y, 1), x[0][i])
		}
	},
	"Dot":    func(x [][]float32, _, _ int) { x[0][0] = laneDot(x[1], x[2], 4) },
	"RowDot": func(x [][]float32, _, n int) { rowsOfDots(x[0], x[1], x[2], n) },
	"ScaleRowsAdd": func(x [][]float32, r, n int) {
		for j := range n {
			var sum float32
			for i := range r {
				sum = fma(x[1][i*n+j], x[2][i], sum)
			}
			x[0][j] += sum
		}
	},
	"AdamW": func(x [][]float32, _, _ int) {
		c := adamTest.constants32()
		decay, step, root, b1, c1, b2, c2, scale, eps := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]
		p, m, v, vmax := x[0], x[1], x[2], x[3]
		for i, g := range x[4] {
			g *= scale
			m[i] = fma(g, c1, float32(m[i]*b1))
			v[i] = fma(v[i], b2, float32(c2*g)*g)
			if !(vmax[i] > v[i]) {
				vmax[i] = v[i]
			}
			deviation := fma(root, float32(math.Sqrt(float64(vmax[i]))), eps)
			p[i] = fma(p[i], decay, -(step * m[i] / deviation))
		}
	},
}

// composed models, everywhere, kernels that are others in a row.
var composed = map[string]func(x [][]float32, r, n int){
	"SiLUGrad": func(x [][]float32, _, n int) {
		y, slope := make([]float32, n), make([]float32, n)
		SiLUBoth(y, slope, x[1])
		MulAdd(x[0], x[2], slope)
	},
	"BiasSiLU": func(x [][]float32, _, _ int) {
		t := slices.Clone(x[1])
		AddRow(t, x[2])
		SiLU(x[0], t)
	},
	"BiasSiLUBoth": func(x [][]float32, _, _ int) {
		t := slices.Clone(x[2])
		AddRow(t, x[3])
		SiLUBoth(x[0], x[1], t)
	},
}

func rowsOfDots(dst, x, w []float32, n int) {
	for r := range dst {
		dst[r] = laneDot(x[r*n:r*n+n], w, 1)
	}
}

// laneDot is a sum of products over vectors of so many lanes, wide of them side by
// side while they last; what is left of the last one is filled up with zeros.
func laneDot(x, y []float32, wide int) float32 {
	lanes := simd.gemm.nr / 2
	sums := make([][]float32, wide)
	for i := range sums {
		sums[i] = make([]float32, lanes)
	}
	for at := 0; at < len(x); {
		vectors := wide
		if len(x)-at < wide*lanes {
			vectors = 1
		}
		for i := range vectors * lanes {
			var a, b float32
			if at+i < len(x) {
				a, b = x[at+i], y[at+i]
			}
			s := &sums[i/lanes][i%lanes]
			*s = fma(a, b, *s)
		}
		at += vectors * lanes
	}
	all := make([]float32, lanes)
	for i := range all {
		all[i] = sums[0][i]
		if wide == 4 {
			all[i] = (sums[0][i] + sums[1][i]) + (sums[2][i] + sums[3][i])
		}
	}
	for half := lanes / 2; half > 0; half /= 2 {
		for i := range half {
			all[i] += all[half+i]
		}
	}
	return all[0]
}

// fma is a·b + c rounded once. The product is exact in float64; a sum that is not
// is rounded to odd there, so that rounding to float32 is the first that counts
// (Boldo & Melquiond 2008, doi 10.1109/TC.2007.70819).
func fma(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	q := float64(c)
	s := p + q
	bb := s - p // Knuth's two-sum: s + rest is p + q
	rest := (p - (s - bb)) + (q - bb)
	if bits := math.Float64bits(s); rest != 0 && rest == rest && bits&1 == 0 && !math.IsInf(s, 0) {
		if (rest > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
		s = math.Float64frombits(bits)
	}
	return float32(s)
}
