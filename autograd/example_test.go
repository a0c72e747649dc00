package autograd_test

import (
	"fmt"

	"equifm/autograd"
)

// The chain rule by hand, for one number in and one out, as doc.go has it.
func Example_byHand() {
	tape := autograd.NewTape[float64]()
	number := func(v float64) *autograd.Tensor[float64] { return autograd.Var(1, 1, []float64{v}) }
	x, w, b, target := number(3), number(2), number(1), autograd.Const(1, 1, []float64{5})

	p := autograd.Mul(tape, w, x)      // p = w·x
	y := autograd.Add(tape, p, b)      // y = p + b
	e := autograd.Sub(tape, y, target) // e = y − target
	loss := autograd.Square(tape, e)   // loss = e²
	fmt.Println("forward: ", p.Data, y.Data, e.Data, loss.Data)

	tape.Backward(loss)
	fmt.Println("backward:", loss.Grad, e.Grad, y.Grad, p.Grad)
	fmt.Println("w, x, b: ", w.Grad, x.Grad, b.Grad)
	// Output:
	// forward:  [6] [7] [2] [4]
	// backward: [1] [4] [4] [4]
	// w, x, b:  [12] [8] [4]
}
