package kernel_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas"

	"equifm/autograd/kernel"
)

// A linear layer with weights stored (out, in), as PyTorch does, and its
// activation: Y = SiLU(X·Wᵀ + b).
func Example() {
	const rows, in, out = 2, 3, 2
	x := []float32{
		1, 2, 3,
		-1, 0, 1,
	}
	w := []float32{
		1, 0, 1,
		0, 1, 0,
	}
	bias := []float32{-4, 0.5}

	y := make([]float32, rows*out)
	kernel.BLAS{}.Sgemm(blas.NoTrans, blas.Trans, rows, out, in, 1, x, in, w, in, 0, y, out)
	fmt.Println(y)
	kernel.BiasSiLU(y, y, bias)
	fmt.Printf("%.4f\n", y)
	// Output:
	// [4 2 0 0]
	// [0.0000 2.3104 -0.0719 0.3112]
}
