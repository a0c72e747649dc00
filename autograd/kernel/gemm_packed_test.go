package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// A factor laid out beforehand, and columns taken in parts, change no bit.
func TestPackedIsSgemm(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {5, 7, 3}, {13, 33, 9}, {18, 256, 256}, {29, 530, 520}, {40, 1100, 700}, {192, 32, 32}, {7, 64, 321}}
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(5, 6))
		for _, s := range sizes {
			if testing.Short() && s[2] > 2*kc {
				continue
			}
			for _, tB := range transposes {
				for _, beta := range []float32{0, 1} {
					checkPacked(t, rnd, tB, s[0], s[1], s[2], beta)
				}
			}
		}
	})
}

func checkPacked(t *testing.T, rnd *rand.Rand, tB blas.Transpose, m, n, k int, beta float32) {
	t.Helper()
	a, lda := randomMatrix(rnd, blas.NoTrans, m, k, 2)
	b, ldb := randomMatrix(rnd, tB, k, n, 1)
	want, ldc := randomMatrix(rnd, blas.NoTrans, m, n, 3)
	whole, parts := slices.Clone(want), slices.Clone(want)
	BLAS{}.Sgemm(blas.NoTrans, tB, m, n, k, 1, a, lda, b, ldb, beta, want, ldc)
	packed := Pack(make([]float32, PackedLen(k, n)), tB, k, n, b, ldb)
	BLAS{}.SgemmPacked(m, 0, n, a, lda, packed, beta, whole, ldc)
	for from := 0; from < n; {
		to := min(n, from+ColumnStep()*(1+rnd.IntN(4)))
		BLAS{}.SgemmPacked(m, from, to, a, lda, packed, beta, parts, ldc)
		from = to
	}
	if !slices.Equal(whole, want) || !slices.Equal(parts, want) {
		t.Errorf("%s %d×%d×%d beta %v: packed, or in parts, is not Sgemm", letter(tB), m, n, k, beta)
	}
}
