package egnn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/egnn"
)

// A field with a feature more, another less and the rest in another order answers the
// features that it has taken over as the other does: the new one is not seen yet, and
// the one that is gone is not there to be seen.
func TestAdopt(t *testing.T) {
	for _, kind := range []egnn.Kind{egnn.EGNN, egnn.Twin} {
		shape := egnn.Config{Kind: kind, Features: 3, Context: 1, Hidden: 8, Layers: 2, Attention: true, Tanh: true, CoordsRange: 2, NormConstant: 1, NormFactor: 1}
		old, err := egnn.New[float64](shape)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		old.Init(rng)
		shape.Features = 4
		now, err := egnn.New[float64](shape)
		if err != nil {
			t.Fatal(err)
		}
		now.Init(rng) // what must not stay
		columns := []int{2, -1, 0, -1}
		if err := now.Adopt(old, old.Params().Data, columns, []int{0}); err != nil {
			t.Fatal(err)
		}
		sizes := []int{3, 4}
		x, cond := normals(rng, 7, 3), normals(rng, 7, 2)
		h, wide := normals(rng, 7, 3), normals(rng, 7, 4)
		for i := range 7 {
			h.Data[3*i+1] = 0 // the feature that is not taken over
			for k, c := range columns {
				if c >= 0 {
					wide.Data[4*i+k] = h.Data[3*i+c]
				}
			}
		}
		wantX, wantH := forward(t, old, sizes, x, h, cond)
		gotX, gotH := forward(t, now, sizes, x, wide, cond)
		for i, v := range wantX.Data {
			if math.Abs(gotX.Data[i]-v) > 1e-12 {
				t.Fatalf("%v: displacement %d is %v, not %v", kind, i, gotX.Data[i], v)
			}
		}
		for i := range 7 {
			for k, c := range columns {
				want := 0.0
				if c >= 0 {
					want = wantH.Data[3*i+c]
				}
				if got := gotH.Data[4*i+k]; math.Abs(got-want) > 1e-12 {
					t.Errorf("%v: feature %d of atom %d is %v, not %v", kind, k, i, got, want)
				}
			}
		}
		if err := now.Adopt(old, old.Params().Data[1:], columns, []int{0}); err == nil {
			t.Error("too few numbers are taken over")
		}
		shape.Hidden = 9
		if other, err := egnn.New[float64](shape); err != nil || other.Adopt(old, old.Params().Data, columns, []int{0}) == nil {
			t.Error("a network of another width takes over")
		}
	}
}

func normals(rng *rand.Rand, rows, cols int) *autograd.Tensor[float64] {
	x := &autograd.Tensor[float64]{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
	for i := range x.Data {
		x.Data[i] = rng.NormFloat64()
	}
	return x
}

func forward(t *testing.T, f *egnn.Field[float64], sizes []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64]) {
	t.Helper()
	qx, qh, err := f.Forward(autograd.NewTape[float64](), f.Params().Bind(nil), sizes, x, h, cond)
	if err != nil {
		t.Fatal(err)
	}
	return qx, qh
}
