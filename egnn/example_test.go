package egnn_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/egnn"
)

// A quarter turn of the molecule is a quarter turn of its prediction.
func Example() {
	c := egnn.QM9()
	c.Hidden, c.Layers = 32, 2
	field, err := egnn.New[float64](c)
	if err != nil {
		panic(err)
	}
	field.Init(rand.New(rand.NewPCG(1, 1)))

	predict := func(x ...float64) []float64 {
		tape, n := autograd.NewTape[float64](), len(x)/3
		h := tape.Const(n, 6, make([]float64, 6*n))
		time := tape.Const(n, 1, []float64{0.5, 0.5, 0.5})
		qx, _, err := field.Forward(tape, field.Params().Bind(nil), []int{n}, tape.Const(n, 3, x), h, time)
		if err != nil {
			panic(err)
		}
		return qx.Data
	}
	q := predict(0, 0, 0, 1, 0, 0, 0, 2, 0)  // three atoms, Å
	r := predict(0, 0, 0, 0, 1, 0, -2, 0, 0) // the same, (x, y) → (-y, x)
	fmt.Println(len(field.Params().Data), "parameters")
	fmt.Println("turned with the molecule:", math.Abs(r[0]+q[1]) < 1e-12 && math.Abs(r[1]-q[0]) < 1e-12)
	// Output:
	// 19689 parameters
	// turned with the molecule: true
}
