package nn

import (
	"slices"
	"testing"
)

// After Forget a block is 0 for whoever asks for it, whether stored, added to or left
// alone, and what was written once is never lost.
func TestForgottenGradients(t *testing.T) {
	p := new(Params[float32])
	stored, added, both := p.Add("stored", 1, 2), p.Add("added", 1, 2), p.Add("both", 1, 2)
	p.Add("alone", 1, 2)
	grad := make([]float32, len(p.Data))
	v := p.Bind(grad)
	if v.Beta(stored) != 1 {
		t.Error("a gradient that nobody has forgotten is not added to")
	}
	for pass := range 3 {
		for i := range grad {
			grad[i] = 7
		}
		v.Forget()
		if g := v.Tensor(added).Grad; g[0] != 0 || g[1] != 0 {
			t.Errorf("pass %d: a tensor's gradient is %v", pass, g)
		}
		v.Tensor(added).Grad[1] = 4
		v.Tensor(added).Grad[0]++
		v.Stored(both)
		v.Tensor(both) // by another operation
		for _, b := range []Block{stored, both, stored} {
			beta, g := v.Beta(b), v.Stored(b).Grad
			for i := range g {
				g[i] = beta*g[i] + 2
			}
		}
		v.Settle()
		if want := []float32{4, 4, 1, 4, 2, 2, 0, 0}; !slices.Equal(grad, want) {
			t.Errorf("pass %d: %v, want %v", pass, grad, want)
		}
	}
	if c := p.Bind(nil); c.Tensor(added).Grad != nil || c.Beta(stored) != 1 {
		t.Error("constants have gradients")
	}
}
