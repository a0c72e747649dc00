package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS is gonum's BLAS, but for Sgemm, which is ours where there is assembly for
// this machine. A call runs on one thread. Every element of C is one sum in the
// order of k, so its bits depend neither on its place in C nor on how many rows
// and columns are asked for.
type BLAS struct{ gonum.Implementation }

var _ blas.Float32 = BLAS{}

// gemmTiles is the matrix product's assembly; strides are in bytes. See
// asm/gemm.go and asm/pack.go.
type gemmTiles struct {
	nr    int                               // columns of a tile
	tile  []tileFunc                        // by rows, from 1
	pack  func(dst, b *float32, brs, k int) // a panel from row-major B
	packT func(dst, b *float32, bcs, k int) // a panel from B transposed; k a multiple of 8
}

// A tileFunc computes C = alpha·A·B + beta·C for one tile.
type tileFunc func(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs int, alpha, beta float32, next *float32, step int)

// A block of B, kc × nc, is packed at once and stays in the second-level cache
// (512 KiB) while all rows of A pass by.
const (
	kc = 256
	nc = 512

	maxMr = 12 // the largest tile there is
	maxNr = 32
)

// Sgemm computes C = alpha·op(A)·op(B) + beta·C as BLAS defines it. A zero in A
// does not hide a NaN in B, and a zero beta overwrites a NaN in C.
func (impl BLAS) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if simd == nil || m <= 0 || n <= 0 || k <= 0 || alpha == 0 ||
		!stored(tA, m, k, a, lda) || !stored(tB, k, n, b, ldb) || !stored(blas.NoTrans, m, n, c, ldc) {
		impl.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	g := product{gemmTiles: &simd.gemm, m: m, alpha: alpha, ars: lda, acs: 1, ldc: ldc, scratch: getScratch()}
	if tA != blas.NoTrans {
		g.ars, g.acs = 1, lda
	}
	for j := 0; j < n; j += nc {
		g.n = min(nc, n-j)
		g.beta = beta
		for p := 0; p < k; p += kc {
			g.k = min(kc, k-p)
			if tB == blas.NoTrans {
				g.packRows(b[p*ldb+j:], ldb)
			} else {
				g.packTrans(b[j*ldb+p:], ldb)
			}
			g.block(a[p*g.acs:], c[j:])
			g.beta = 1
		}
	}
	putScratch(g.scratch)
}

// stored tells whether x holds op(X), rows × cols, with stride ld. Where it does
// not, gonum says what is wrong.
func stored(t blas.Transpose, rows, cols int, x []float32, ld int) bool {
	switch t {
	case blas.NoTrans:
	case blas.Trans, blas.ConjTrans:
		rows, cols = cols, rows
	default:
		return false
	}
	return ld >= cols && len(x) >= (rows-1)*ld+cols
}

// product is one block's product: C (m, n) = alpha·A (m, k)·B (k, n) + beta·C.
type product struct {
	*gemmTiles
	m, n, k     int
	ars, acs    int // element (i, k) of A is at i·ars + k·acs
	ldc         int
	alpha, beta float32
	scratch     *gemmScratch // B, packed
}

// block computes the block tile by tile. A's rows are the outer loop: a few of
// them (12 KiB) stay in the first-level cache while B's panels stream past, and
// A and C are each walked through memory once.
func (g *product) block(a, c []float32) {
	for i := 0; i < g.m; i += len(g.tile) {
		rows := min(len(g.tile), g.m-i)
		tile := g.tile[rows-1]
		ai := ptr(a[i*g.ars:])
		for j := 0; j < g.n; j += g.nr {
			next, step := g.ahead(a, i+rows, j)
			b, cij := ptr(g.scratch.b[j*g.k:]), c[i*g.ldc+j:]
			if j+g.nr <= g.n {
				tile(g.k, ai, 4*g.ars, 4*g.acs, b, 4*g.nr, ptr(cij), 4*g.ldc, g.alpha, g.beta, next, step)
				continue
			}
			t := g.scratch.c[:]
			tile(g.k, ai, 4*g.ars, 4*g.acs, b, 4*g.nr, ptr(t), 4*g.nr, g.alpha, 0, next, step)
			g.addEdge(cij, t, rows, g.n-j)
		}
	}
}

// ahead tells a tile what to prefetch while it runs, one address a step of k: the
// rows of A that come next, from row i on, so that the first panel does not wait
// for them. Every panel asks for its share of them.
func (g *product) ahead(a []float32, i, j int) (next *float32, step int) {
	if i >= g.m {
		return ptr(a), 0
	}
	if g.acs != 1 { // k runs down the columns
		return ptr(a[i*g.ars:]), 4 * g.acs
	}
	panels := (g.n + g.nr - 1) / g.nr
	step = len(g.tile) * g.ars / (panels * g.k) // elements
	at := i*g.ars + j/g.nr*g.k*step
	return ptr(a[min(at, len(a)-1):]), 4 * step
}

// addEdge moves the columns that there are from a tile at C's right edge.
func (g *product) addEdge(c, t []float32, rows, cols int) {
	for i := range rows {
		ci, ti := c[i*g.ldc:i*g.ldc+cols], t[i*g.nr:i*g.nr+cols]
		for j, v := range ti {
			if g.beta != 0 {
				v += g.beta * ci[j]
			}
			ci[j] = v
		}
	}
}
