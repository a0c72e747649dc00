//go:build cublas && linux

package cuda_test

import (
	"fmt"
	"testing"

	"equifm/autograd/cuda"
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/blas"
)

// BenchmarkGemm is a product through the BLAS interface, copies and all, beside that of one
// core of the processor.
func BenchmarkGemm(b *testing.B) {
	d, err := cuda.Open("", cuda.Options{})
	if err != nil {
		b.Skip(err)
	}
	defer d.Close()
	for _, where := range []struct {
		name string
		blas.Float32
	}{{"card", cuda.NewBLAS(d, kernel.BLAS{})}, {"core", kernel.BLAS{}}} {
		for _, n := range []struct{ m, n, k int }{{192, 256, 256}, {4096, 256, 256}, {4096, 4096, 4096}} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", where.name, n.m, n.n, n.k), func(b *testing.B) {
				x, y, z := make([]float32, n.m*n.k), make([]float32, n.k*n.n), make([]float32, n.m*n.n)
				for b.Loop() {
					where.Sgemm(blas.NoTrans, blas.NoTrans, n.m, n.n, n.k, 1, x, n.k, y, n.n, 0, z, n.n)
				}
				b.ReportMetric(2*float64(n.m*n.n*n.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
