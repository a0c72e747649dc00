package kernel

import "runtime"

// The matrix product where there is no assembly. The blocks are the same; A is
// packed too, for without strides the compiler can prove every index. Elements
// of C beside the edge are computed and dropped: all are summed by the same
// instructions, and a row's bits don't depend on its neighbours.

// A tile keeps its sums in registers: 16 where there are 32 for floating point, 8
// on amd64, which has 16 and needs a copy of each factor.
var (
	tile4x4 = gemmTiles{mr: 4, nr: 4, sums: sums4x4}
	tile4x2 = gemmTiles{mr: 4, nr: 2, sums: sums4x2}

	portable = tileFor(runtime.GOARCH)
)

func tileFor(arch string) *gemmTiles {
	if arch == "amd64" {
		return &tile4x2
	}
	return &tile4x4
}

// tileSums holds a tile of C, row by row.
type tileSums [16]float32

// blockPortable is block without assembly.
func (g *product) blockPortable(a, c []float32) {
	t, panel := (*tileSums)(g.scratch.c[:]), g.scratch.a[:g.mr*g.k]
	for i := 0; i < g.m; i += g.mr {
		rows := min(g.mr, g.m-i)
		g.packA(panel, a[i*g.ars:], rows)
		for j := 0; j < g.n; j += g.nr {
			g.sums(t, panel, g.b[j*g.k:(j+g.nr)*g.k])
			g.store(c[i*g.crs+j*g.ccs:], t, rows, min(g.nr, g.n-j))
		}
	}
}

// packA packs rows of A into a panel (k, mr). One of the strides is 1. What an
// earlier panel left in place of missing rows comes to nothing.
func (g *product) packA(panel, a []float32, rows int) {
	if g.acs != 1 {
		for p := range g.k {
			copyFew(panel[p*g.mr:], a[p*g.acs:p*g.acs+rows])
		}
		return
	}
	for r := range rows {
		for p, v := range a[r*g.ars : r*g.ars+g.k] {
			panel[p*g.mr+r] = v
		}
	}
}

// copyFew is copy for slices too short to be worth its call.
func copyFew(dst, src []float32) {
	dst = dst[:len(src)]
	//lint:ignore S1001 the call that copy makes is what this avoids
	for i, v := range src {
		dst[i] = v
	}
}

// store writes alpha·t + beta·C, and where beta is zero never reads C.
func (g *product) store(c []float32, t *tileSums, rows, cols int) {
	for i := range rows {
		sums, row := t[i*g.nr:i*g.nr+cols], c[i*g.crs:]
		switch {
		case g.ccs != 1:
			for j, v := range sums {
				if v = float32(v * g.alpha); g.beta != 0 {
					v += g.beta * row[j*g.ccs]
				}
				row[j*g.ccs] = v
			}
		case g.beta == 0:
			row = row[:len(sums)]
			for j, v := range sums {
				row[j] = g.alpha * v
			}
		default:
			row = row[:len(sums)]
			for j, v := range sums {
				v = float32(v * g.alpha) // rounded, as above: a sum of two products could be fused in two ways
				row[j] = v + g.beta*row[j]
			}
		}
	}
}

// sums4x4 multiplies a panel of A, (k, 4), by one of B, (k, 4).
func sums4x4(t *tileSums, a, b []float32) {
	var c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33 float32
	for len(a) >= 4 && len(b) >= 4 {
		a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		c00, c01, c02, c03 = c00+a0*b0, c01+a0*b1, c02+a0*b2, c03+a0*b3
		c10, c11, c12, c13 = c10+a1*b0, c11+a1*b1, c12+a1*b2, c13+a1*b3
		c20, c21, c22, c23 = c20+a2*b0, c21+a2*b1, c22+a2*b2, c23+a2*b3
		c30, c31, c32, c33 = c30+a3*b0, c31+a3*b1, c32+a3*b2, c33+a3*b3
		a, b = a[4:], b[4:]
	}
	*t = tileSums{c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33}
}

// sums4x2 multiplies a panel of A, (k, 4), by one of B, (k, 2). It takes eight
// steps of k at a time, because the compiler for amd64 puts the sums of a loop's
// last step off to its end, which costs registers for all the products: once in
// eight steps that is cheap, and the loop runs at twice the speed.
func sums4x2(t *tileSums, a, b []float32) {
	var c00, c01, c10, c11, c20, c21, c30, c31 float32
	for len(a) >= 32 && len(b) >= 16 {
		c00, c01 = c00+a[0]*b[0], c01+a[0]*b[1]
		c10, c11 = c10+a[1]*b[0], c11+a[1]*b[1]
		c20, c21 = c20+a[2]*b[0], c21+a[2]*b[1]
		c30, c31 = c30+a[3]*b[0], c31+a[3]*b[1]

		c00, c01 = c00+a[4]*b[2], c01+a[4]*b[3]
		c10, c11 = c10+a[5]*b[2], c11+a[5]*b[3]
		c20, c21 = c20+a[6]*b[2], c21+a[6]*b[3]
		c30, c31 = c30+a[7]*b[2], c31+a[7]*b[3]

		c00, c01 = c00+a[8]*b[4], c01+a[8]*b[5]
		c10, c11 = c10+a[9]*b[4], c11+a[9]*b[5]
		c20, c21 = c20+a[10]*b[4], c21+a[10]*b[5]
		c30, c31 = c30+a[11]*b[4], c31+a[11]*b[5]

		c00, c01 = c00+a[12]*b[6], c01+a[12]*b[7]
		c10, c11 = c10+a[13]*b[6], c11+a[13]*b[7]
		c20, c21 = c20+a[14]*b[6], c21+a[14]*b[7]
		c30, c31 = c30+a[15]*b[6], c31+a[15]*b[7]

		c00, c01 = c00+a[16]*b[8], c01+a[16]*b[9]
		c10, c11 = c10+a[17]*b[8], c11+a[17]*b[9]
		c20, c21 = c20+a[18]*b[8], c21+a[18]*b[9]
		c30, c31 = c30+a[19]*b[8], c31+a[19]*b[9]

		c00, c01 = c00+a[20]*b[10], c01+a[20]*b[11]
		c10, c11 = c10+a[21]*b[10], c11+a[21]*b[11]
		c20, c21 = c20+a[22]*b[10], c21+a[22]*b[11]
		c30, c31 = c30+a[23]*b[10], c31+a[23]*b[11]

		c00, c01 = c00+a[24]*b[12], c01+a[24]*b[13]
		c10, c11 = c10+a[25]*b[12], c11+a[25]*b[13]
		c20, c21 = c20+a[26]*b[12], c21+a[26]*b[13]
		c30, c31 = c30+a[27]*b[12], c31+a[27]*b[13]

		c00, c01 = c00+a[28]*b[14], c01+a[28]*b[15]
		c10, c11 = c10+a[29]*b[14], c11+a[29]*b[15]
		c20, c21 = c20+a[30]*b[14], c21+a[30]*b[15]
		c30, c31 = c30+a[31]*b[14], c31+a[31]*b[15]

		a, b = a[32:], b[16:]
	}
	for len(a) >= 4 && len(b) >= 2 {
		c00, c01 = c00+a[0]*b[0], c01+a[0]*b[1]
		c10, c11 = c10+a[1]*b[0], c11+a[1]*b[1]
		c20, c21 = c20+a[2]*b[0], c21+a[2]*b[1]
		c30, c31 = c30+a[3]*b[0], c31+a[3]*b[1]
		a, b = a[4:], b[2:]
	}
	*t = tileSums{c00, c01, c10, c11, c20, c21, c30, c31}
}
