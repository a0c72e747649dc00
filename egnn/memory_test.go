package egnn

import (
	"testing"

	"equifm/autograd"
)

// A training step of one large molecule holds less than a single array of pairs
// × hidden: memory grows with the atoms.
func TestMemoryGrowsWithAtoms(t *testing.T) {
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
