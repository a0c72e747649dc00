package egnn

import (
	"math"
	"slices"
	"testing"

	"equifm/autograd"
)

// A training step of one large molecule holds less than a single array of pairs
// × hidden: memory grows with the atoms.
func TestMemoryGrowsWithAtoms(t *testing.T) {
	if testing.Short() {
		t.Skip("a large molecule")
	}
	c := QM9()
	c.Hidden, c.Layers = 32, 3
	f, in := strong[float32](c, 3), randomInput[float32](c, []int{400}, 4)
	tape := autograd.NewTape[float32]()
	qx, qh, err := f.Forward(tape, f.params.Bind(make([]float32, len(f.params.Data))), in.sizes, in.x, in.h, in.cond)
	if err != nil {
		t.Fatal(err)
	}
	tape.Backward(autograd.Sum(tape, autograd.Concat(tape, qx, qh)))
	if array := 4 * 400 * 399 * c.Hidden; tape.Bytes() > array {
		t.Errorf("%d bytes held, one array of pairs × hidden has %d", tape.Bytes(), array)
	} else {
		t.Logf("%d bytes held, one array of pairs × hidden has %d", tape.Bytes(), array)
	}
}

// Within its budget a pass that will go backward keeps the second product of every pair,
// operation and layer; one that will not keeps nothing.
func TestKeepsWithinTheBudget(t *testing.T) {
	c := variants()[0]
	c.Edge = narrow + 1
	f, in := strong[float32](c, 3), randomInput[float32](c, []int{60, 60}, 4)
	held := func(budget int, grad []float32) int {
		f.budget = budget
		tape := autograd.NewTape[float32]()
		x, h, cond := *in.x, *in.h, *in.cond
		if grad == nil {
			x.Grad, h.Grad, cond.Grad = nil, nil, nil
		}
		if _, _, err := f.Forward(tape, f.params.Bind(grad), in.sizes, &x, &h, &cond); err != nil {
			t.Fatal(err)
		}
		return tape.Bytes()
	}
	grad, products := make([]float32, len(f.params.Data)), 2*c.Layers*(2*60*59)*c.Edge*4
	if more := held(products, grad) - held(products-1, grad); more < products*9/10 {
		t.Errorf("%d bytes more are held within the budget, the products are %d", more, products)
	}
	if with, without := held(products, nil), held(0, nil); with != without {
		t.Errorf("sampling holds %d bytes with a budget, %d without", with, without)
	}
}

// Memory comes from the tape as the last user left it, and no number depends on that.
func TestDirtyMemory(t *testing.T) {
	for i, c := range networks() {
		f, in := strong[float64](c, 3), randomInput[float64](c, []int{3, 1, 4}, 4)
		tape := autograd.NewTape[float64]()
		dirt := tape.Slice(1 << 20)
		for k := range dirt {
			dirt[k] = math.NaN()
		}
		tape.Reset()
		clean, dirty := gradients(t, f, in), gradientsOn(t, tape, f, in)
		for k, want := range clean {
			if !slices.Equal(dirty[k], want) {
				t.Errorf("variant %d: numbers %d depend on what the memory held", i, k)
			}
		}
	}
}
