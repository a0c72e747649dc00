package gradcheck

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
)

// Tape and Tensor are the float64 instances that every check runs in.
type (
	Tape   = autograd.Tape[float64]
	Tensor = autograd.Tensor[float64]
)

// Func is a differentiable program of some inputs.
type Func func(t *Tape, in []*Tensor) *Tensor

// Tolerance is the largest error allowed, relative to the largest gradient of
// the same input.
const Tolerance = 1e-6

// Step is the finite-difference step, relative to max(1, |x|). The five-point
// formula errs by Step⁴ ~ 1e-16 in truncation and 1e-16/Step ~ 1e-12 in
// rounding, both far below Tolerance.
const Step = 1e-4

// Check fails the test if a gradient of f at the inputs differs from the finite
// differences by more than Tolerance.
func Check(tb testing.TB, f Func, in ...*Tensor) {
	tb.Helper()
	if err := Error(f, in...); err != nil {
		tb.Error(err)
	}
}

// Error returns nil if the gradients of f with respect to all inputs that have a
// gradient agree with finite differences, and otherwise says where they do not.
// It also runs f with each input in turn as a constant, which Backward must
// leave alone while the others get what they got. The inputs are left as they were
// but for their gradients.
func Error(f Func, in ...*Tensor) error {
	tape := autograd.NewTape[float64]()
	for _, x := range in {
		for i := range x.Grad {
			x.Grad[i] = before
		}
	}
	out := f(tape, in)
	if out.Grad == nil {
		return errors.New("gradcheck: the output does not depend on an input with a gradient")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	cotangent := make([]float64, len(out.Data))
	for i := range cotangent {
		cotangent[i] = rng.NormFloat64()
	}
	tape.BackwardFrom(out, cotangent)

	value := func() (s float64) {
		tape.Reset()
		for i, y := range f(tape, in).Data {
			s += cotangent[i] * y
		}
		return s
	}
	for k, x := range in {
		for i := range x.Grad {
			x.Grad[i] -= before
		}
		if x.Grad == nil {
			continue
		}
		if err := compare(k, x, value); err != nil {
			return err
		}
	}
	return eachConstant(f, in, cotangent)
}

// before is what every gradient holds when Backward starts: an op that assigns
// instead of adding loses it.
const before = 1

// eachConstant runs f and its gradient with each input in turn as a constant.
func eachConstant(f Func, in []*Tensor, cotangent []float64) error {
	want := make([][]float64, len(in))
	for k, x := range in {
		want[k] = slices.Clone(x.Grad)
	}
	for k, x := range in {
		grad := x.Grad
		err := withConstant(f, in, x, cotangent, want)
		x.Grad = grad
		if err != nil {
			return fmt.Errorf("gradcheck: with input %d a constant (Grad == nil): %w", k, err)
		}
	}
	for k, x := range in {
		copy(x.Grad, want[k])
	}
	return nil
}

// withConstant runs f and its gradient with x as a constant, and compares the
// others' gradients with those that they have when x is none.
func withConstant(f Func, in []*Tensor, x *Tensor, cotangent []float64, want [][]float64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	x.Grad = nil
	for _, other := range in {
		clear(other.Grad)
	}
	tape := autograd.NewTape[float64]()
	tape.BackwardFrom(f(tape, in), cotangent)
	if x.Grad != nil {
		return errors.New("it gets a gradient")
	}
	for k, other := range in {
		scale := 0.0
		for _, w := range want[k] {
			scale = max(scale, math.Abs(w))
		}
		for i, g := range other.Grad {
			if !(math.Abs(g-want[k][i]) <= Tolerance*max(scale, 1e-6)) {
				return fmt.Errorf("input %d, element (%d,%d): Backward gives %.10g, not %.10g", k, i/other.Cols, i%other.Cols, g, want[k][i])
			}
		}
	}
	return nil
}

// compare checks the gradient of input k against finite differences of value.
func compare(k int, x *Tensor, value func() float64) error {
	numeric := make([]float64, len(x.Data))
	scale := 0.0
	for i := range x.Data {
		numeric[i] = derivative(&x.Data[i], value)
		scale = max(scale, math.Abs(numeric[i]), math.Abs(x.Grad[i]))
	}
	for i, g := range x.Grad {
		if e := math.Abs(g - numeric[i]); !(e <= Tolerance*max(scale, 1e-6)) {
			return fmt.Errorf("gradcheck: input %d, element (%d,%d): Backward gives %.10g, finite differences %.10g (%.1e of the input's largest gradient)",
				k, i/x.Cols, i%x.Cols, g, numeric[i], e/scale)
		}
	}
	return nil
}

// derivative is the five-point central difference of value in *x.
func derivative(x *float64, value func() float64) float64 {
	x0 := *x
	h := Step * max(1, math.Abs(x0))
	at := func(k float64) float64 {
		*x = x0 + k*h
		return value()
	}
	d := (at(-2) - 8*at(-1) + 8*at(1) - at(2)) / (12 * h)
	*x = x0
	return d
}

// Random returns a (rows, cols) tensor of standard normal numbers, with a gradient.
func Random(rng *rand.Rand, rows, cols int) *Tensor {
	data := make([]float64, rows*cols)
	for i := range data {
		data[i] = rng.NormFloat64()
	}
	return autograd.Var(rows, cols, data)
}
