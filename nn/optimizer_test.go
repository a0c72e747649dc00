package nn

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"equifm/nn/safetensors"
)

var optimizers = []struct {
	name string
	make func(*Params[float32], []Block) Optimizer[float32]
}{
	{"AdamW", func(p *Params[float32], _ []Block) Optimizer[float32] { return NewAdamW(p) }},
	{"Muon", func(p *Params[float32], m []Block) Optimizer[float32] { return NewMuon(p, m) }},
}

// Saved, loaded into a new one and stepped on, an optimiser gives the same bits.
func TestOptimizersGoOn(t *testing.T) {
	for _, o := range optimizers {
		rng := rand.New(rand.NewPCG(3, 4))
		p, matrices := perceptrons[float32](muonShapes)
		uniform(p.Data, 1, rng)
		grad, a := make([]float32, len(p.Data)), o.make(p, matrices)
		for range 3 {
			uniform(grad, 1, rng)
			a.Step(grad, 0.01, 1, 1)
		}
		q, matrices := perceptrons[float32](muonShapes)
		copy(q.Data, p.Data)
		b := o.make(q, matrices)
		if err := b.Load(memoryFile(t, a.Named("opt.")), "opt.", 3); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			uniform(grad, 1, rng)
			a.Step(grad, 0.01, 0.5, 2)
			b.Step(grad, 0.01, 0.5, 1)
		}
		if !slices.Equal(p.Data, q.Data) {
			t.Errorf("%s: other bits after loading", o.name)
		}
	}
}

// The state is what the optimiser reads and no more, named by the parameters.
func TestOptimizersNames(t *testing.T) {
	for i, want := range []string{
		"x.m.layer.0.weight x.m.layer.0.bias x.v.layer.0.weight x.v.layer.0.bias x.vmax.layer.0.weight x.vmax.layer.0.bias",
		"x.m.layer.0.bias x.v.layer.0.bias x.vmax.layer.0.bias x.momentum.layer.0.weight",
	} {
		p, matrices := perceptrons[float32]([][2]int{{3, 2}})
		var names []string
		for _, nt := range optimizers[i].make(p, matrices).Named("x.") {
			names = append(names, nt.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s saves %s", optimizers[i].name, got)
		}
	}
}

// A file that lacks a tensor, or has one of another type or shape or one too
// many, is an error and changes nothing.
func TestOptimizersRefuse(t *testing.T) {
	for _, o := range optimizers {
		p, matrices := perceptrons[float32]([][2]int{{3, 2}, {2, 2}})
		a := o.make(p, matrices)
		grad := make([]float32, len(p.Data))
		uniform(grad, 1, rand.New(rand.NewPCG(1, 1)))
		a.Step(grad, 0.01, 1, 1)
		state := a.Named("opt.")
		fresh := o.make(p, matrices)
		for i, last := range state {
			extra, double, shape := last, safetensors.New(last.Name, make([]float64, last.Len()), last.Shape...), last
			extra.Name += "s"
			shape.Shape = append([]int{1}, shape.Shape...)
			for want, bad := range map[string][]safetensors.Tensor{
				"missing":                {},
				"F64, want F32":          {double},
				"has shape":              {shape},
				"is not one of the mode": {last, extra},
			} {
				f := memoryFile(t, slices.Concat(state[:i], bad, state[i+1:]))
				if err := fresh.Load(f, "opt.", 1); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %s: error %v, want %q", o.name, last.Name, err, want)
				}
			}
		}
		for _, nt := range fresh.Named("") {
			if slices.ContainsFunc(nt.F32, func(v float32) bool { return v != 0 }) {
				t.Errorf("%s: %s has changed", o.name, nt.Name)
			}
		}
	}
}

// memoryFile is a file of these tensors that lies in memory.
func memoryFile(t *testing.T, tensors []safetensors.Tensor) *safetensors.File {
	t.Helper()
	var b bytes.Buffer
	if err := safetensors.Write(&b, tensors, nil); err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.NewFile("memory", bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return f
}
