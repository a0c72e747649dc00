package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS is gonum's BLAS, but for Sgemm, which is ours. A call runs on one thread.
// Every element of C is one sum in the order of k, so its bits depend neither on
// its place in C nor on how many rows and columns are asked for.
type BLAS struct{ gonum.Implementation }

var _ blas.Float32 = BLAS{}

// gemmTiles is what computes the matrix product's tiles, mr × nr: assembly, with
// strides in bytes (see asm/gemm.go and asm/pack.go), or sums, in Go, alone.
type gemmTiles struct {
	mr, nr      int
	tile        []tileFunc                        // by rows, from 1
	pack        func(dst, b *float32, brs, k int) // a panel from row-major B
	packT       func(dst, b *float32, bcs, k int) // a panel from B transposed; k a multiple of 8
	packColumns func(dst, a *float32, ars, k int) // 4 rows of A as columns, maxMr apart; k a multiple of 4; nil where tiles read rows
	sums        func(t *tileSums, a, b []float32) // a tile of A·B from packed panels
}

// tiles returns those of this machine.
func tiles() *gemmTiles {
	if simd == nil {
		return portable
	}
	return &simd.gemm
}

// A tileFunc computes C = alpha·A·B + beta·C for one tile.
type tileFunc func(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs int, alpha, beta float32, next *float32, step int)

// A block of B, kc × nc, is packed at once and stays in the second-level cache
// (640 KiB) while all rows of A pass by.
const (
	kc = 320
	nc = 512

	maxMr = 12 // the largest tile there is
	maxNr = 32
)

// Sgemm computes C = alpha·op(A)·op(B) + beta·C as BLAS defines it. A zero in A
// does not hide a NaN in B, and a zero beta overwrites a NaN in C.
func (impl BLAS) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if m <= 0 || n <= 0 || k <= 0 || alpha == 0 ||
		!stored(tA, m, k, a, lda) || !stored(tB, k, n, b, ldb) || !stored(blas.NoTrans, m, n, c, ldc) {
		impl.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	g := product{gemmTiles: tiles(), m: m, alpha: alpha, crs: ldc, ccs: 1}
	transA, transB := tA != blas.NoTrans, tB != blas.NoTrans
	if n < m && n <= g.mr { // few columns: Cᵀ = op(B)ᵀ·op(A)ᵀ fills the tiles better
		g.m, n = n, m
		g.crs, g.ccs = 1, ldc
		a, b, lda, ldb = b, a, ldb, lda
		transA, transB = !transB, !transA
	}
	g.ars, g.acs = lda, 1
	if transA {
		g.ars, g.acs = 1, lda
	}
	g.scratch = getScratch()
	step := depth(k)
	for j := 0; j < n; j += nc {
		g.n, g.beta = min(nc, n-j), beta
		for p := 0; p < k; p += step {
			g.k = min(step, k-p)
			switch {
			case transB:
				g.packed(g.scratch.b[:])
				g.packTrans(g.b, b[j*ldb+p:], ldb)
			case g.asItLies(ldb):
				g.b, g.brs, g.bps = b[p*ldb+j:], ldb, 1
			default:
				g.packed(g.scratch.b[:])
				g.packRows(g.b, b[p*ldb+j:], ldb)
			}
			g.block(a[p*g.acs:], c[j*g.ccs:])
			g.beta = 1
		}
	}
	putScratch(g.scratch)
}

// depth returns how much of k is taken at once: at most kc, and whole groups of 8
// for packT.
func depth(k int) int {
	blocks := (k + kc - 1) / kc
	return ((k+blocks-1)/blocks + 7) &^ 7
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
