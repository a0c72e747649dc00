package egnn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
	"equifm/nn"
)

// operation is one of the fused ones, on three inputs of so many columns and the parameters.
type operation struct {
	cols func(c Config) [3]int
	run  func(t *autograd.Tape[float64], f *Field[float64], v nn.View[float64], ws *workspace[float64], in []*autograd.Tensor[float64]) *autograd.Tensor[float64]
}

func positions(c Config) [3]int { return [3]int{c.Hidden, 3, 3} } // h, x, x0

var operations = map[string]operation{
	"messages": {positions, func(t *autograd.Tape[float64], f *Field[float64], v nn.View[float64], ws *workspace[float64], in []*autograd.Tensor[float64]) *autograd.Tensor[float64] {
		return messages(t, f, v, ws, in[0], in[1], in[2])
	}},
	"coordinates": {positions, func(t *autograd.Tape[float64], f *Field[float64], v nn.View[float64], ws *workspace[float64], in []*autograd.Tensor[float64]) *autograd.Tensor[float64] {
		o := f.newCoordinates(t, v, f.layers[0], ws, in[0], in[2])
		ws.byColumns.run(t)
		return o.move(t, in[1])
	}},
	"nodes": {func(c Config) [3]int { return [3]int{c.Hidden, c.edge(), 0} }, // h, the messages, none
		func(t *autograd.Tape[float64], f *Field[float64], v nn.View[float64], ws *workspace[float64], in []*autograd.Tensor[float64]) *autograd.Tensor[float64] {
			o := f.newNodes(t, v, f.layers[0], ws, in[0], in[1])
			ws.byColumns.run(t)
			return o.update(t, in[1])
		}},
}

// messages returns the first layer's, summed.
func messages[T autograd.Float](t *autograd.Tape[T], f *Field[T], v nn.View[T], ws *workspace[T], h, x, x0 *autograd.Tensor[T]) *autograd.Tensor[T] {
	l := f.layers[0]
	o := f.newMessages(t, v, l.edge, l.att, ws, h, x0)
	ws.byColumns.run(t)
	return o.sum(t, x)
}

// eachOperation runs f for every operation of every variant on random inputs, the last of
// which are the parameters.
func eachOperation(t *testing.T, f func(t *testing.T, op gradcheck.Func, in []*gradcheck.Tensor)) {
	for i, c := range variants() {
		for name, o := range operations {
			t.Run(fmt.Sprintf("variant=%d/%s", i, name), func(t *testing.T) {
				field, sizes, rng := strong[float64](c, 3), []int{3, 1, 4}, rand.New(rand.NewPCG(6, 6))
				var in []*gradcheck.Tensor
				for _, cols := range o.cols(c) {
					in = append(in, gradcheck.Random(rng, 8, cols))
				}
				params := autograd.Var(1, len(field.params.Data), field.params.Data)
				f(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
					x0 := autograd.Const(8, 3, make([]float64, 8*3))
					copy(x0.Data, in[2].Data)
					return o.run(tape, field, field.params.Bind(in[3].Grad), newWorkspace(tape, sizes, c, keepBytes, x0, true), in)
				}, append(in, params))
			})
		}
	}
}

// Each operation by itself agrees with finite differences, and adds to gradients that are
// there already.
func TestGradientsOfOperations(t *testing.T) {
	eachOperation(t, func(t *testing.T, op gradcheck.Func, in []*gradcheck.Tensor) { gradcheck.Check(t, op, in...) })
}

// Whatever of its inputs are constants, an operation gives the others the gradients that
// they get when none is, to the bit; of constants alone it records nothing.
func TestAnyInputsMayBeConstant(t *testing.T) {
	const x, x0, all = 2, 4, 15 // bits of what varies: h, x, x0, parameters
	eachOperation(t, func(t *testing.T, op gradcheck.Func, in []*gradcheck.Tensor) {
		gradients := func(vary int) (grads [4][]float64, recorded int) {
			tape, some := autograd.NewTape[float64](), make([]*gradcheck.Tensor, 4)
			for k, x := range in {
				some[k] = autograd.Const(x.Rows, x.Cols, x.Data)
				if vary>>k&1 == 1 {
					some[k] = autograd.Var(x.Rows, x.Cols, x.Data)
				}
			}
			y := op(tape, some)
			tape.BackwardFrom(y, y.Data)
			for k := range some {
				grads[k] = some[k].Grad
			}
			return grads, tape.Len()
		}
		want, _ := gradients(all)
		for vary := range all {
			if vary&x0 != 0 && vary&x == 0 {
				continue // x0 is where x began
			}
			got, recorded := gradients(vary)
			if (recorded > 0) != (vary > 0) {
				t.Errorf("inputs %04b vary: %d operations recorded", vary, recorded)
			}
			for k := range got {
				if vary>>k&1 == 1 && !slices.Equal(got[k], want[k]) || vary>>k&1 == 0 && got[k] != nil {
					t.Errorf("inputs %04b vary: input %d has other gradients", vary, k)
				}
			}
		}
	})
}
