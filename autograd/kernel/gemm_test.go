package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/blas/testblas"
)

// naive is the product as the textbook has it, summed in float64: the oracle.
type naive struct{ gonum.Implementation }

func (naive) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	ar, ac, br, bc := lda, 1, ldb, 1
	if tA != blas.NoTrans {
		ar, ac = 1, lda
	}
	if tB != blas.NoTrans {
		br, bc = 1, ldb
	}
	for i := range m {
		for j := range n {
			var sum float64
			for p := range k {
				sum += float64(a[i*ar+p*ac]) * float64(b[p*br+j*bc])
			}
			sum *= float64(alpha)
			if beta != 0 {
				sum += float64(beta) * float64(c[i*ldc+j])
			}
			c[i*ldc+j] = float32(sum)
		}
	}
}

// eachISA runs f once for each instruction set of this machine and once for each
// tile of portable Go; if tests are to be short, for this machine's.
func eachISA(t *testing.T, f func(t *testing.T)) {
	s, p := simd, portable
	defer func() { simd, portable = s, p }()
	for _, simd = range available() {
		if simd != nil {
			t.Run(simd.name, f)
			continue
		}
		tiles := []*gemmTiles{&tile4x4, &tile4x2}
		if testing.Short() {
			tiles = []*gemmTiles{p}
		}
		for _, portable = range tiles {
			t.Run(fmt.Sprintf("Go%dx%d", portable.mr, portable.nr), f)
		}
	}
}

// gemm64 offers Sgemm as Dgemm, the method that testblas has a suite for; its
// values are small integers and halves, exact in both.
type gemm64 struct{ impl blas.Float32 }

func (g gemm64) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	c32 := narrow(c)
	g.impl.Sgemm(tA, tB, m, n, k, float32(alpha), narrow(a), lda, narrow(b), ldb, float32(beta), c32, ldc)
	for i, v := range c32 {
		c[i] = float64(v)
	}
}

func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

func TestGemmBLAS(t *testing.T) {
	eachISA(t, func(t *testing.T) { testblas.TestDgemm(t, gemm64{BLAS{}}) })
}

var transposes = []blas.Transpose{blas.NoTrans, blas.Trans}

// The product agrees with the oracle for shapes near a tile's or a block's edge,
// with gaps between rows, which stay untouched.
func TestGemmAgainstNaive(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {1, 256, 300}, {256, 1, 300}, {300, 256, 1}, {5, 7, 3}, {12, 32, 8}, {13, 33, 9},
		{11, 31, 7}, {6, 16, 256}, {25, 65, 257}, {37, 96, 64}, {301, 64, 64}, {3, 513, 40}, {64, 6, 70}, {29, 530, 520}, {50, 3, 128},
		{13, 40, 1024}, {1024, 20, 30}, {20, 512, 640}, {20, 513, 641}}
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(3, 4))
		for _, s := range sizes {
			for _, tA := range transposes {
				for _, tB := range transposes {
					for _, ab := range [][2]float32{{1, 0}, {1, 1}, {-0.5, 2}} {
						if testing.Short() && ab[0] == 1 && s[0]*s[1]*s[2] > 1<<20 {
							continue
						}
						checkGemm(t, rnd, tA, tB, s[0], s[1], s[2], ab[0], ab[1])
					}
				}
			}
		}
	})
}

func checkGemm(t *testing.T, rnd *rand.Rand, tA, tB blas.Transpose, m, n, k int, alpha, beta float32) {
	t.Helper()
	gap := rnd.IntN(3)
	if m%1024 == 0 || k%1024 == 0 {
		gap = 0 // the awkward stride
	}
	a, lda := randomMatrix(rnd, tA, m, k, gap)
	b, ldb := randomMatrix(rnd, tB, k, n, gap)
	c, ldc := randomMatrix(rnd, blas.NoTrans, m, n, gap)
	want := append([]float32(nil), c...)
	got := append([]float32(nil), c...)
	BLAS{}.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, got, ldc)
	naive{}.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, want, ldc)
	tol := 1e-6 * float64(k+3)
	for i := range got {
		if i%ldc >= n && got[i] != c[i] || math.Abs(float64(got[i]-want[i])) > tol {
			t.Fatalf("%s%s %d×%d×%d alpha %v beta %v: element (%d,%d): got %v, want %v",
				letter(tA), letter(tB), m, n, k, alpha, beta, i/ldc, i%ldc, got[i], want[i])
		}
	}
}

// randomMatrix returns op(X), rows × cols, and its stride; nothing follows the
// last element.
func randomMatrix(rnd *rand.Rand, t blas.Transpose, rows, cols, gap int) ([]float32, int) {
	if t != blas.NoTrans {
		rows, cols = cols, rows
	}
	return randoms(rnd, (rows-1)*(cols+gap)+cols), cols + gap
}

// A zero hides no NaN; a zero beta hides every one.
func TestGemmNaN(t *testing.T) {
	nan := float32(math.NaN())
	eachISA(t, func(t *testing.T) {
		for _, n := range []int{1, 5, 32, 40} {
			a, b, c := make([]float32, 9), make([]float32, 9*n), make([]float32, n)
			b[4*n] = nan
			c[n-1] = nan
			BLAS{}.Sgemm(blas.NoTrans, blas.NoTrans, 1, n, 9, 1, a, 9, b, n, 0, c, n)
			for j, v := range c {
				if (v != v) != (j == 0) {
					t.Errorf("n = %d: c[%d] = %v", n, j, v)
				}
			}
		}
	})
}

// What gonum refuses we refuse, in the same words.
func TestGemmPanics(t *testing.T) {
	x := make([]float32, 12)
	for _, c := range []struct {
		tA, tB                 blas.Transpose
		m, n, k, lda, ldb, ldc int
		la, lb, lc             int
	}{
		{'x', 'N', 2, 2, 2, 2, 2, 2, 4, 4, 4}, {'N', 'x', 2, 2, 2, 2, 2, 2, 4, 4, 4},
		{'N', 'N', -1, 2, 2, 2, 2, 2, 4, 4, 4}, {'N', 'N', 2, -1, 2, 2, 2, 2, 4, 4, 4}, {'N', 'N', 2, 2, -1, 2, 2, 2, 4, 4, 4},
		{'N', 'N', 2, 2, 2, 1, 2, 2, 4, 4, 4}, {'N', 'T', 2, 2, 3, 3, 2, 2, 6, 6, 4}, {'N', 'N', 2, 2, 2, 2, 2, 1, 4, 4, 4},
		{'N', 'N', 2, 2, 2, 2, 2, 2, 3, 4, 4}, {'N', 'N', 2, 2, 2, 2, 2, 2, 4, 3, 4}, {'N', 'N', 2, 2, 2, 2, 2, 2, 4, 4, 3},
		{'T', 'N', 3, 2, 2, 2, 2, 2, 6, 4, 6},
	} {
		call := func(impl blas.Float32) (msg any) {
			defer func() { msg = recover() }()
			impl.Sgemm(c.tA, c.tB, c.m, c.n, c.k, 1, x[:c.la], c.lda, x[:c.lb], c.ldb, 1, x[:c.lc], c.ldc)
			return nil
		}
		if got, want := call(BLAS{}), call(gonum.Implementation{}); got != want || got == nil {
			t.Errorf("%+v: got %v, want %v", c, got, want)
		}
	}
}

// A row of C has the same bits in any company: alone, in a block, at another
// place, beside other goroutines.
func TestGemmSameBits(t *testing.T) {
	const m, n, k = 61, 70, 300
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(5, 6))
		a, b, want := randoms(rnd, m*k), randoms(rnd, k*n), make([]float32, m*n)
		BLAS{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, k, b, n, 0, want, n)
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := g; i < m; i += 4 {
					c := make([]float32, n)
					BLAS{}.Sgemm(blas.NoTrans, blas.NoTrans, 1, n, k, 1, a[i*k:], k, b, n, 0, c, n)
					if fmt.Sprint(c) != fmt.Sprint(want[i*n:i*n+n]) {
						t.Errorf("row %d differs", i)
					}
				}
			})
		}
		wg.Wait()
	})
}
