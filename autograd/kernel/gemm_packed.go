package kernel

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
)

// Packed is the right factor of products, op(B) (k, n), laid out as the tiles read
// it. A product lays its factor out by itself; where many have the same one, such
// as the blocks of pairs that pass one layer, doing it once saves a pass over B each time.
type Packed struct {
	k, n   int
	tiles  *gemmTiles
	panels []float32 // for every nc columns and every depth of k, panels of nr columns
}

// PackedLen returns how many numbers hold op(B) (k, n).
func PackedLen(k, n int) int {
	nr := tiles().nr
	return k * ((n + nr - 1) / nr * nr)
}

// Pack lays op(B) (k, n) out in dst, of length PackedLen(k, n).
func Pack(dst []float32, tB blas.Transpose, k, n int, b []float32, ldb int) Packed {
	if len(dst) != PackedLen(k, n) || !stored(tB, k, n, b, ldb) {
		panic(fmt.Sprintf("kernel: Pack: (%d,%d) from %d numbers with stride %d into %d", k, n, len(b), ldb, len(dst)))
	}
	x := Packed{k: k, n: n, tiles: tiles(), panels: dst}
	g := product{gemmTiles: x.tiles}
	x.each(0, n, func(j, cols, p, depth int, panels []float32) {
		g.n, g.k = cols, depth
		if tB == blas.NoTrans {
			g.packRows(panels, b[p*ldb+j:], ldb)
		} else {
			g.packTrans(panels, b[j*ldb+p:], ldb)
		}
	})
	return x
}

// each calls f for the blocks of columns [from, to): the first of cols columns, the
// first of depth steps of k, and the panels. from is at the start of a panel.
func (x *Packed) each(from, to int, f func(j, cols, p, depth int, panels []float32)) {
	step, nr := depth(x.k), x.tiles.nr
	for j := from / nc * nc; j < to; j += nc {
		first, end := max(j, from), min(j+nc, to)
		width := (min(nc, x.n-j) + nr - 1) / nr * nr // of the whole block, in numbers of a step of k
		for p := 0; p < x.k; p += step {
			depth := min(step, x.k-p)
			at := j*x.k + p*width + (first-j)*depth
			f(first, end-first, p, depth, x.panels[at:])
		}
	}
}

// ColumnStep is what a product's columns may be cut at: multiples of it.
func ColumnStep() int { return maxNr }

// SgemmPacked computes columns [from, to) of C = A·B + beta·C for A (m, k) and C (m, n),
// row-major with the given strides: to the bit what Sgemm computes. from is a
// multiple of ColumnStep.
func (BLAS) SgemmPacked(m, from, to int, a []float32, lda int, b Packed, beta float32, c []float32, ldc int) {
	if m <= 0 || from >= to {
		return
	}
	if from%maxNr != 0 || to > b.n || !stored(blas.NoTrans, m, b.k, a, lda) || !stored(blas.NoTrans, m, b.n, c, ldc) {
		panic(fmt.Sprintf("kernel: SgemmPacked: columns %d to %d of (%d,%d)·(%d,%d)", from, to, m, b.k, b.k, b.n))
	}
	g := product{gemmTiles: b.tiles, m: m, alpha: 1, ars: lda, acs: 1, crs: ldc, ccs: 1, scratch: getScratch()}
	b.each(from, to, func(j, cols, p, depth int, panels []float32) {
		g.n, g.k, g.beta = cols, depth, beta
		if p > 0 {
			g.beta = 1
		}
		g.packed(panels)
		g.block(a[p:], c[j:])
	})
	putScratch(g.scratch)
}
