package cuda_test

import (
	"errors"
	"fmt"

	"equifm/autograd"
	"equifm/autograd/cuda"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// A product on a card where there is one, and elsewhere on the processor.
func Example() {
	var multiply blas.Float32 = gonum.Implementation{}
	device, err := cuda.Open("", cuda.Options{})
	if none := new(cuda.Unavailable); err == nil {
		defer device.Close()
		multiply = cuda.NewBLAS(device, multiply)
	} else if !errors.As(err, &none) {
		fmt.Println(err)
		return
	}
	autograd.Use32(multiply)
	defer autograd.Use32(gonum.Implementation{})
	c := make([]float32, 4)
	autograd.Gemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, []float32{1, 2, 3, 4}, 2, []float32{5, 6, 7, 8}, 2, 0, c, 2)
	fmt.Println(c)
	// Output: [19 22 43 50]
}
