package resident

import (
	"math"

	"equifm/autograd/cuda"
	"equifm/nn"
)

// adamW is nn.AdamW on a card.
type adamW struct {
	d          *cuda.Device
	host       *nn.AdamW[float32]
	m, v, vmax cuda.Memory // laid out as the host's
}

func newAdamW(d *cuda.Device, host *nn.AdamW[float32]) *adamW {
	a := &adamW{d: d, host: host}
	if n := len(host.M); n > 0 {
		a.m, a.v, a.vmax = d.New(n), d.New(n), d.New(n)
	}
	return a
}

func (a *adamW) load() {
	a.d.Write(a.m, a.host.M)
	a.d.Write(a.v, a.host.V)
	a.d.Write(a.vmax, a.host.VMax)
}

func (a *adamW) fetch() {
	a.d.Read(a.host.M, a.m)
	a.d.Read(a.host.V, a.v)
	a.d.Read(a.host.VMax, a.vmax)
}

// move takes the step: p ← p·(1 − lr·wd) − lr/(1−β₁ⁿ) · m / (√vmax/√(1−β₂ⁿ) + ε).
func (a *adamW) move(f *Field, lr, scale float64) {
	h := a.host
	h.Steps++
	n := float64(h.Steps)
	decay, step, root := 1-lr*h.WeightDecay, lr/(1-math.Pow(h.Beta1, n)), 1/math.Sqrt(1-math.Pow(h.Beta2, n))
	at := 0
	for _, r := range runs(h.Blocks()) {
		a.d.Launch("adamw", r.n, f.params.Part(r.offset, r.n), a.m.Part(at, r.n), a.v.Part(at, r.n), a.vmax.Part(at, r.n),
			f.grads.Part(r.offset, r.n), cuda.Float(scale), cuda.Float(decay), cuda.Float(step), cuda.Float(root),
			cuda.Float(h.Beta1), cuda.Float(1-h.Beta1), cuda.Float(h.Beta2), cuda.Float(1-h.Beta2), cuda.Float(h.Eps))
		at += r.n
	}
}

// run is neighbouring blocks' numbers.
type run struct{ offset, n int }

// runs joins blocks that lie one after another.
func runs(blocks []nn.Block) (all []run) {
	for _, b := range blocks {
		if last := len(all) - 1; last >= 0 && all[last].offset+all[last].n == b.Offset {
			all[last].n += b.Len()
		} else if b.Len() > 0 {
			all = append(all, run{b.Offset, b.Len()})
		}
	}
	return all
}
