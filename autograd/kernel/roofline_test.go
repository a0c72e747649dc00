package kernel

import "testing"

// BenchmarkRoofline measures what bounds everything else on this machine, one
// thread: the multiply-add rate of a tile whose operands never leave the first
// cache line, and the traffic of an update (two arrays read, one written) in the
// second-level cache and in memory.
func BenchmarkRoofline(b *testing.B) {
	b.Run("multiply-add", func(b *testing.B) {
		if simd == nil {
			b.Skip("no assembly here")
		}
		g := &simd.gemm
		const k = 4096
		rows := len(g.tile)
		x, c := make([]float32, maxNr), make([]float32, maxMr*maxNr)
		for b.Loop() {
			g.tile[rows-1](k, ptr(x), 4, 0, ptr(x), 0, ptr(c), 4*g.nr, 1, 0, ptr(x), 0)
		}
		b.ReportMetric(2*float64(rows*g.nr)*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
	for _, size := range []struct {
		name  string
		bytes int
	}{{"cache 512 KiB", 512 << 10}, {"memory 256 MiB", 256 << 20}} {
		b.Run(size.name, func(b *testing.B) {
			x, y := make([]float32, size.bytes/8), make([]float32, size.bytes/8)
			Add(x, y)
			for b.Loop() {
				Add(x, y)
			}
			b.ReportMetric(12*float64(len(x))*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
		})
	}
}
