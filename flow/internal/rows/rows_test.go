package rows

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd/gradcheck"
)

var (
	sizes = []int{3, 2, 4}
	some  = []float64{0, 1, 1, 0, 0, 1, 0, 0, 0} // none of the second molecule
)

func TestGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 9*3)
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		return Hold(tape, in[0], some, values)
	}, gradcheck.Random(rng, 9, 3))
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		return Centre(tape, in[0], sizes, some)
	}, gradcheck.Random(rng, 9, 3))
}

// The mean of the chosen rows is 0 after Centre, differences stay, and so does a molecule
// with none; Hold puts values where they belong.
func TestWhatTheyDo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		f := in[0]
		y := Centre(tape, f, sizes, some)
		for k := range 3 {
			if m := (y.Row(1)[k] + y.Row(2)[k]) / 2; math.Abs(m) > 1e-14 {
				t.Errorf("mean %v of the chosen rows", m)
			}
			if d := y.Row(0)[k] - y.Row(1)[k] - f.Row(0)[k] + f.Row(1)[k]; math.Abs(d) > 1e-14 {
				t.Errorf("a difference changes by %v", d)
			}
			if y.Row(3)[k] != f.Row(3)[k] || math.Abs(y.Row(5)[k]) > 1e-14 {
				t.Errorf("column %d: row 3 is %v, not %v; row 5 is %v", k, y.Row(3)[k], f.Row(3)[k], y.Row(5)[k])
			}
		}
		values := make([]float64, 27)
		values[3] = 7
		if h := Hold(tape, f, some, values); h.Row(1)[0] != 7 || h.Row(0)[0] != f.Row(0)[0] || h.Row(5)[2] != 0 {
			t.Errorf("held: %v", h.Data)
		}
		return y
	}, gradcheck.Random(rng, 9, 3))
}
