package kernel

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkKernels runs every kernel on one receiver's block of edges, 32 × 256
// or 8192 elements, in cache, beside its plain Go twin.
func BenchmarkKernels(b *testing.B) {
	const rows, n = 32, 256
	rnd := rand.New(rand.NewPCG(9, 10))
	for _, c := range calls {
		sizes := c.sizes(rows, n)
		if isFlat(c) {
			sizes = c.sizes(1, rows*n)
		}
		var args [][]float32
		for _, size := range sizes {
			args = append(args, randoms(rnd, size))
		}
		if c.setUp != nil {
			c.setUp(args)
		}
		for _, impl := range []struct {
			name string
			f    func(x [][]float32, r, n int)
		}{{"fast", c.fast}, {"twin", c.plain}} {
			b.Run(c.name+"/"+impl.name, func(b *testing.B) {
				for b.Loop() {
					impl.f(args, rows, n)
				}
				b.ReportMetric(rows*n*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gelem/s")
			})
		}
	}
}

// isFlat tells whether the kernel knows no rows.
func isFlat(c call) bool {
	for i, s := range c.sizes(2, 3) {
		if s != c.sizes(5, 3)[i] {
			return false
		}
	}
	return true
}
