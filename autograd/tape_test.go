package autograd_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"equifm/autograd"
)

// A training step in float32, all memory reused: nothing is allocated.
func TestStepAllocatesNothing(t *testing.T) {
	x := autograd.Const(8, 3, make([]float32, 24))
	w := autograd.Var(5, 3, make([]float32, 15))
	b := autograd.Var(1, 5, make([]float32, 5))
	tape, index := autograd.NewTape[float32](), []int32{0, 0, 1, 1, 1, 2, 2, 2}
	allocs := testing.AllocsPerRun(10, func() {
		tape.Reset()
		y := autograd.SiLU(tape, autograd.Linear(tape, x, w, b))
		y = autograd.Gather(tape, autograd.SegmentSum(tape, y, index, 3), index)
		tape.Backward(autograd.Sum(tape, autograd.Square(tape, y)))
	})
	if allocs != 0 {
		t.Errorf("%v allocations a step", allocs)
	}
}

// Growing the arena never moves a slice that was handed out.
func TestArenaDoesNotMove(t *testing.T) {
	tape := autograd.NewTape[float64]()
	first := tape.Slice(3)
	copy(first, []float64{1, 2, 3})
	for range 100 {
		clear(tape.Slice(10_000))
	}
	if first[0] != 1 || first[1] != 2 || first[2] != 3 {
		t.Errorf("the first slice became %v", first)
	}
	tape.Reset()
	if again := tape.Slice(3); &again[0] != &first[0] {
		t.Error("Reset does not reuse the memory")
	}
}

func TestShapeMistakesPanic(t *testing.T) {
	tape := autograd.NewTape[float64]()
	for want, f := range map[string]func(){
		"MatMul: (3,4)·(5,6)":             func() { autograd.MatMul(tape, random(3, 4), random(5, 6)) },
		"AddScaled: (3,4) and (4,3)":      func() { autograd.Add(tape, random(3, 4), random(4, 3)) },
		"MulCol: (3,4) needs a column":    func() { autograd.MulCol(tape, random(3, 4), random(4, 1)) },
		"Gather: row 3 of (3,4)":          func() { autograd.Gather(tape, random(3, 4), []int32{3}) },
		"Backward: loss is (3,4)":         func() { tape.Backward(random(3, 4)) },
		"Const: (2,2) does not hold 3":    func() { autograd.Const(2, 2, make([]float32, 3)) },
		"Center: blocks of 5 rows in all": func() { autograd.Center(tape, random(3, 4), []int{5}) },
		"Columns: [2:5] of (3,4)":         func() { autograd.Columns(tape, random(3, 4), 2, 5) },
		"Concat: (3,4) and (2,4)":         func() { autograd.Concat(tape, random(3, 4), random(2, 4)) },
		"SegmentSum: 2 indices for (3,4)": func() { autograd.SegmentSum(tape, random(3, 4), []int32{0, 0}, 1) },
		"LayerNorm: x (3,4), gain (1,4), bias (1,5)": func() {
			autograd.LayerNorm(tape, random(3, 4), random(1, 4), random(1, 5), 1e-5)
		},
		"BatchMatMul: (6,4) and (8,5) in 4 blocks": func() { autograd.BatchMatMul(tape, 4, random(6, 4), random(8, 5)) },
		"BatchMatMul: (6,4)·(6,5) in 2 blocks":     func() { autograd.BatchMatMul(tape, 2, random(6, 4), random(6, 5)) },
		"BatchMatMulT: (6,4)·(6,5)ᵀ in 2 blocks":   func() { autograd.BatchMatMulT(tape, 2, random(6, 4), random(6, 5)) },
		"Linear: x (3,4), w (2,5), b (1,2":         func() { autograd.Linear(tape, random(3, 4), random(2, 5), random(1, 2)) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

// weigh is an op of a user's own: y = a·b + b, element by element.
type weigh struct{ a, b, y *autograd.Tensor[float64] }

func (o *weigh) Backward() {
	for i, dy := range o.y.Grad {
		if o.a.Grad != nil { // y = a·b + b  ⇒  da += dy·b
			o.a.Grad[i] += dy * o.b.Data[i]
		}
		if o.b.Grad != nil { // y = a·b + b  ⇒  db += dy·(a+1)
			o.b.Grad[i] += dy * (o.a.Data[i] + 1)
		}
	}
}

func ExampleTape_Record() {
	weighed := func(t *autograd.Tape[float64], a, b *autograd.Tensor[float64]) *autograd.Tensor[float64] {
		y := t.Result(a.Rows, a.Cols, a.Grad != nil || b.Grad != nil)
		for i := range y.Data {
			y.Data[i] = a.Data[i]*b.Data[i] + b.Data[i]
		}
		if y.Grad != nil { // of constants alone, there is nothing to record
			op := autograd.OpStruct[weigh](t)
			*op = weigh{a, b, y}
			t.Record(op)
		}
		return y
	}
	tape := autograd.NewTape[float64]()
	a := autograd.Const(1, 2, []float64{3, 4})
	b := autograd.Var(1, 2, []float64{1, 2})
	y := autograd.Sum(tape, autograd.Square(tape, weighed(tape, a, b)))
	tape.Backward(y)
	fmt.Println(y.Data[0], b.Grad)
	// Output: 116 [32 100]
}

// The gradient of |σ(W·x)|² with respect to W, in five lines.
func Example() {
	tape := autograd.NewTape[float64]()
	x := autograd.Const(1, 2, []float64{1, 2})
	w := autograd.Var(1, 2, []float64{0.5, -0.25})
	y := autograd.Sigmoid(tape, autograd.Linear(tape, x, w, nil))
	loss := autograd.Sum(tape, autograd.Square(tape, y))
	tape.Backward(loss)
	fmt.Printf("loss %.4f, gradient %.4f\n", loss.Data[0], w.Grad)
	// Output: loss 0.2500, gradient [0.2500 0.5000]
}

func TestBackwardOfConstantIsHarmless(t *testing.T) {
	tape := autograd.NewTape[float64]()
	y := autograd.Sum(tape, autograd.Const(1, 2, []float64{1, math.Pi}))
	tape.Backward(y)
	if tape.Len() != 0 {
		t.Error("a constant was recorded")
	}
}
