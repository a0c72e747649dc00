package egnn

import (
	"fmt"
	"math"

	"equifm/autograd"
	"equifm/nn"
)

// Forward returns the prediction (q̂_x, q̂_h) for a batch of molecules whose
// atoms are laid one after another, sizes atoms each.
//
//	x (N, 3)      positions, Å, zero centre of mass
//	h (N, F)      features
//	cond (N, 1+C) time, then context, repeated for every atom of a molecule
//	q̂_x (N, 3)    displacement of the coordinates, mean removed in each molecule
//	q̂_h (N, F)
//
// v holds the parameters: with gradients to train, without to sample, when
// nothing is recorded on the tape. A number that is not finite in the output is
// an error.
func (f *Field[T]) Forward(t *autograd.Tape[T], v nn.View[T], sizes []int, x, h, cond *autograd.Tensor[T]) (qx, qh *autograd.Tensor[T], err error) {
	if h.Cols != f.Features || cond.Cols != 1+f.Context || x.Cols != 3 || h.Rows != x.Rows || cond.Rows != x.Rows {
		panic(fmt.Sprintf("egnn: Forward: x %v, h %v, cond %v with %d features and %d context columns", x, h, cond, f.Features, f.Context))
	}
	x0 := x
	in := autograd.Concat(t, h, cond)
	if f.Kind == Twin {
		in = autograd.Concat(t, in, x) // positions as plain features
	}
	h = nn.Apply(t, v, f.embed, in)
	if f.Reference {
		p := newPairs(t, sizes)
		for _, l := range f.layers {
			h, x = f.layerReference(t, v, l, p, h, x, x0)
		}
	} else {
		w := newWorkspace(t, sizes, f.Config, f.budget, x0, h.Grad != nil || x.Grad != nil)
		h, x = f.layersFused(t, v, f.layers, w, h, x, x0)
	}
	qx = autograd.Center(t, autograd.Sub(t, x, x0), sizes)
	qh = autograd.Columns(t, nn.Apply(t, v, f.out, h), 0, f.Features)
	return qx, qh, CheckFinite(sizes, qx, qh)
}

// nodeUpdate returns h + L(SiLU(L[h, agg])), EGNN eq. 6 with a residual.
func nodeUpdate[T autograd.Float](t *autograd.Tape[T], v nn.View[T], node nn.MLP, h, agg *autograd.Tensor[T]) *autograd.Tensor[T] {
	return autograd.Add(t, h, nn.ApplyMLP(t, v, node, autograd.Concat(t, h, agg)))
}

// CheckFinite names the first molecule with a number in the output that is not finite.
func CheckFinite[T autograd.Float](sizes []int, out ...*autograd.Tensor[T]) error {
	first := 0
	for m, n := range sizes {
		for _, y := range out {
			for _, v := range y.Data[first*y.Cols : (first+n)*y.Cols] {
				if v := float64(v); math.IsNaN(v) || math.IsInf(v, 0) {
					return fmt.Errorf("egnn: the network's output for molecule %d of the batch (%d atoms) is %v", m, n, v)
				}
			}
		}
		first += n
	}
	return nil
}
