package kernel

import (
	"testing"

	"gonum.org/v1/gonum/blas"
)

// No call allocates once the product's scratch is there; a caller's scratch array
// stays on the caller's stack.
func TestAllocatesNothing(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, c := range calls {
			args, _ := arena(c.sizes(3, 40), func() float32 { return 1 })
			if allocs := testing.AllocsPerRun(5, func() { c.fast(args, 3, 40) }); allocs != 0 {
				t.Errorf("%s: %v allocations a call", c.name, allocs)
			}
		}
		if allocs := testing.AllocsPerRun(5, func() {
			var x [40]float32
			SiLU(x[:], x[:])
		}); allocs != 0 {
			t.Error("a scratch array escapes")
		}
		x, c := make([]float32, 64*64), make([]float32, 64*64)
		if allocs := testing.AllocsPerRun(5, func() {
			BLAS{}.Sgemm(blas.NoTrans, blas.Trans, 64, 64, 64, 1, x, 64, x, 64, 0, c, 64)
		}); allocs != 0 {
			t.Errorf("Sgemm: %v allocations a call", allocs)
		}
	})
}
