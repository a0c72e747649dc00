package gradcheck_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
)

type (
	tape   = gradcheck.Tape
	tensor = gradcheck.Tensor
)

// cube is y = x³ with a gradient that a test can spoil.
type cube struct {
	x, y  *tensor
	spoil func(dx []float64)
}

func (o *cube) Backward() {
	for i, x := range o.x.Data {
		o.x.Grad[i] += 3 * x * x * o.y.Grad[i]
	}
	if o.spoil != nil {
		o.spoil(o.x.Grad)
	}
}

func cubed(spoil func([]float64)) gradcheck.Func {
	return func(t *tape, in []*tensor) *tensor {
		x := in[0]
		y := t.Result(x.Rows, x.Cols, x.Grad != nil)
		for i, v := range x.Data {
			y.Data[i] = v * v * v
		}
		t.Record(&cube{x, y, spoil})
		return y
	}
}

func TestRightOpPasses(t *testing.T) {
	gradcheck.Check(t, cubed(nil), gradcheck.Random(rand.New(rand.NewPCG(1, 1)), 3, 4))
}

// Every way of being wrong that is known to slip through weaker checks must fail.
func TestWrongOpFails(t *testing.T) {
	for name, spoil := range map[string]func([]float64){
		"factor":      func(dx []float64) { dx[5] *= 1 + 1e-4 },
		"permutation": func(dx []float64) { dx[0], dx[1] = dx[1], dx[0] },
		"nothing":     func(dx []float64) { clear(dx) },
		"not a number": func(dx []float64) {
			dx[0] -= dx[0]
			dx[0] /= dx[0]
		},
	} {
		x := gradcheck.Random(rand.New(rand.NewPCG(1, 1)), 3, 4)
		err := gradcheck.Error(cubed(spoil), x)
		if err == nil || !strings.Contains(err.Error(), "input 0, element (") {
			t.Errorf("%s: a wrong gradient passed: %v", name, err)
		}
	}
}

// An op that assigns to a gradient, or that needs one of a constant, is wrong too.
func TestRulesOfAnOp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	err := gradcheck.Error(cubed(func(dx []float64) {
		for i := range dx {
			dx[i]-- // what assigning would leave: the gradient was 1 before
		}
	}), gradcheck.Random(rng, 3, 4))
	if err == nil {
		t.Error("an op that assigns passed")
	}
	err = gradcheck.Error(func(tape *tape, in []*tensor) *tensor {
		return autograd.Add(tape, in[0], careless(tape, in[1]))
	}, gradcheck.Random(rng, 3, 4), gradcheck.Random(rng, 3, 4))
	if err == nil || !strings.Contains(err.Error(), "with input 1 a constant") {
		t.Errorf("an op that writes a constant's gradient: %v", err)
	}
	if err := gradcheck.Error(cubed(nil), autograd.Const(1, 1, []float64{2})); err == nil {
		t.Error("a check of nothing passed")
	}
}

// product is c = a ⊙ b with a Backward that a test can make wrong.
type product struct {
	a, b, c  *tensor
	backward func(o *product)
}

func (o *product) Backward() { o.backward(o) }

// add adds dx += dc ⊙ y, where x has a gradient.
func (o *product) add(x, y *tensor) {
	if x.Grad != nil {
		for i, dc := range o.c.Grad {
			x.Grad[i] += dc * y.Data[i]
		}
	}
}

// What Backward does while one input is a constant is checked too: it neither
// makes a gradient for it, nor forgets or adds to another's.
func TestConstants(t *testing.T) {
	for want, backward := range map[string]func(o *product){
		"<nil>": func(o *product) { o.add(o.a, o.b); o.add(o.b, o.a) },
		"gradcheck: with input 1 a constant (Grad == nil): it gets a gradient": func(o *product) {
			if o.b.Grad == nil {
				o.b.Grad = make([]float64, len(o.b.Data))
			}
			o.add(o.a, o.b)
			o.add(o.b, o.a)
		},
		"gradcheck: with input 0 a constant (Grad == nil): input 1, element (0,0): Backward gives 0, not": func(o *product) {
			if o.a.Grad != nil { // b's does not depend on that
				o.add(o.a, o.b)
				o.add(o.b, o.a)
			}
		},
	} {
		rng := rand.New(rand.NewPCG(1, 1))
		err := gradcheck.Error(func(tape *tape, in []*tensor) *tensor {
			c := tape.Result(3, 4, in[0].Grad != nil || in[1].Grad != nil)
			for i, a := range in[0].Data {
				c.Data[i] = a * in[1].Data[i]
			}
			tape.Record(&product{in[0], in[1], c, backward})
			return c
		}, gradcheck.Random(rng, 3, 4), gradcheck.Random(rng, 3, 4))
		if !strings.HasPrefix(fmt.Sprint(err), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// careless records y = x³ for constants too.
func careless(t *tape, x *tensor) *tensor {
	y := t.Result(x.Rows, x.Cols, true)
	for i, v := range x.Data {
		y.Data[i] = v * v * v
	}
	t.Record(&cube{x, y, nil})
	return y
}

func TestInputsAreRestored(t *testing.T) {
	x := gradcheck.Random(rand.New(rand.NewPCG(1, 1)), 3, 4)
	before := append([]float64(nil), x.Data...)
	gradcheck.Check(t, cubed(nil), x)
	for i := range before {
		if before[i] != x.Data[i] {
			t.Fatalf("element %d: %v became %v", i, before[i], x.Data[i])
		}
	}
}

func Example() {
	rng := rand.New(rand.NewPCG(1, 1))
	mlp := func(t *tape, in []*tensor) *tensor {
		x, w, b := in[0], in[1], in[2]
		return autograd.SiLU(t, autograd.Linear(t, x, w, b))
	}
	err := gradcheck.Error(mlp, gradcheck.Random(rng, 5, 3), gradcheck.Random(rng, 4, 3), gradcheck.Random(rng, 1, 4))
	fmt.Println("difference from finite differences:", err)
	// Output: difference from finite differences: <nil>
}
