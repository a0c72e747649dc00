package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Shapes m × n × k: rows of edges through a square layer, and, as TN, the
// gradient of its weights.
var benchShapes = []struct {
	tA, tB  blas.Transpose
	m, n, k int
}{
	{blas.NoTrans, blas.NoTrans, 4096, 256, 256},
	{blas.NoTrans, blas.NoTrans, 4096, 128, 128},
	{blas.NoTrans, blas.NoTrans, 4096, 64, 64},
	{blas.NoTrans, blas.NoTrans, 300, 256, 256},
	{blas.NoTrans, blas.NoTrans, 306, 32, 32},
	{blas.NoTrans, blas.Trans, 4096, 256, 256},
	{blas.NoTrans, blas.Trans, 4096, 128, 128},
	{blas.NoTrans, blas.Trans, 4096, 64, 64},
	{blas.NoTrans, blas.Trans, 300, 256, 256},
	{blas.Trans, blas.NoTrans, 256, 256, 4096},
	{blas.Trans, blas.NoTrans, 128, 128, 4096},
	{blas.Trans, blas.NoTrans, 64, 64, 4096},
	{blas.Trans, blas.NoTrans, 256, 256, 300},
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range benchShapes {
		name := fmt.Sprintf("%s%s/%dx%dx%d", letter(s.tA), letter(s.tB), s.m, s.n, s.k)
		for _, impl := range []struct {
			name string
			blas blas.Float32
		}{{"ours", BLAS{}}, {"gonum", gonum.Implementation{}}, {"naive", naive{}}} {
			b.Run(name+"/"+impl.name, func(b *testing.B) { benchGemm(b, impl.blas, s.tA, s.tB, s.m, s.n, s.k) })
		}
	}
}

func benchGemm(b *testing.B, impl blas.Float32, tA, tB blas.Transpose, m, n, k int) {
	rnd := rand.New(rand.NewPCG(1, 2))
	x, y, z := randoms(rnd, m*k), randoms(rnd, k*n), make([]float32, m*n)
	lda, ldb := k, n
	if tA != blas.NoTrans {
		lda = m
	}
	if tB != blas.NoTrans {
		ldb = k
	}
	for b.Loop() {
		impl.Sgemm(tA, tB, m, n, k, 1, x, lda, y, ldb, 0, z, n)
	}
	b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func letter(t blas.Transpose) string {
	if t == blas.NoTrans {
		return "N"
	}
	return "T"
}

func randoms(rnd *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rnd.NormFloat64())
	}
	return x
}
