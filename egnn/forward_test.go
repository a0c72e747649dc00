package egnn

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"equifm/autograd"
)

func TestNotFiniteOutputIsAnError(t *testing.T) {
	c := variants()[0]
	for _, test := range []struct {
		spoil func(f *Field[float64], in input[float64])
		want  string
	}{
		{func(_ *Field[float64], in input[float64]) { in.x.Data[3*5] = math.NaN() }, "molecule 1 of the batch (3 atoms) is NaN"},
		{func(f *Field[float64], _ input[float64]) { f.params.Slice(f.out.B)[0] = math.Inf(1) }, "molecule 0 of the batch (4 atoms) is +Inf"},
		{func(f *Field[float64], _ input[float64]) { f.params.Slice(f.out.B)[0] = math.Inf(-1) }, "molecule 0 of the batch (4 atoms) is -Inf"},
	} {
		f, in := strong[float64](c, 3), randomInput[float64](c, []int{4, 3}, 4)
		test.spoil(f, in)
		_, _, err := f.Forward(autograd.NewTape[float64](), f.params.Bind(nil), in.sizes, in.x, in.h, in.cond)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want one of %q", err, test.want)
		}
	}
}

// Inputs of the wrong shape are a programmer's mistake.
func TestForwardPanics(t *testing.T) {
	c := variants()[0] // 4 features, no context
	f := strong[float64](c, 3)
	zeros := func(rows, cols int) *autograd.Tensor[float64] {
		return autograd.Const(rows, cols, make([]float64, rows*cols))
	}
	for _, in := range [][3]*autograd.Tensor[float64]{
		{zeros(3, 2), zeros(3, 4), zeros(3, 1)}, {zeros(3, 3), zeros(3, 5), zeros(3, 1)}, {zeros(3, 3), zeros(3, 4), zeros(3, 2)},
		{zeros(3, 3), zeros(2, 4), zeros(3, 1)}, {zeros(3, 3), zeros(3, 4), zeros(2, 1)},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, "egnn: Forward: x (3,") {
					t.Errorf("%v: panic %q", in, got)
				}
			}()
			f.Forward(autograd.NewTape[float64](), f.params.Bind(nil), []int{3}, in[0], in[1], in[2])
		}()
	}
}
