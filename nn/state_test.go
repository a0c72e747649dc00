package nn

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"equifm/nn/safetensors"
)

// Saving and loading is the identity, to the bit: model, average, optimiser.
func TestSaveLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	p, a, e := trained(t, 7)
	metadata := map[string]string{"step": "3", "config": "[model]\nhidden = 5\n"}
	history := []float64{3000, 1.5, math.Pi}
	tensors := append(p.Named("", p.Data), p.Named("ema.", e.Data)...)
	tensors = append(append(tensors, a.Named("adamw.")...), safetensors.New("clip.history", history, len(history)))
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(safetensors.WriteSealed(w, tensors, metadata), w.Close()); err != nil {
		t.Fatal(err)
	}

	q, b, d := trained(t, 8)
	f, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := errors.Join(q.Load(f, "", q.Data), q.Load(f, "ema.", d.Data), b.Load(f, "adamw.", a.Steps)); err != nil {
		t.Fatal(err)
	}
	gotHistory, err := safetensors.ReadVector[float64](f, "clip.history")
	b.params = a.params
	if err != nil || !reflect.DeepEqual(gotHistory, history) || !reflect.DeepEqual(f.Metadata, metadata) ||
		!reflect.DeepEqual(q.Data, p.Data) || !reflect.DeepEqual(d, e) || !reflect.DeepEqual(b, a) {
		t.Errorf("%v: what is loaded is not what was saved", err)
	}
}

// Weights that were written as halves load into the same parameters, rounded.
func TestLoadHalves(t *testing.T) {
	p := vector[float32](3)
	copy(p.Data, []float32{1, 1 + 0x1p-9, -3})
	tensors := p.Named("", p.Data)
	for i := range tensors {
		tensors[i].DType = safetensors.BF16
	}
	q := vector[float32](3)
	if err := q.Load(memoryFile(t, tensors), "", q.Data); err != nil || !slices.Equal(q.Data, []float32{1, 1, -3}) {
		t.Errorf("%v, error %v", q.Data, err)
	}
}

// trained is a small model after three steps, all its state random-looking.
func trained(t *testing.T, seed uint64) (*Params[float32], *AdamW[float32], *EMA[float32]) {
	t.Helper()
	p, rng := new(Params[float32]), rand.New(rand.NewPCG(seed, 0))
	m := NewMLP(p, "phi", 3, 100, 101) // more numbers than a file converts at a time
	InitLinear(p, m.First, rng)
	InitLinear(p, m.Last, rng)
	a, e := NewAdamW(p), NewEMA(p, 0.5)
	grad := make([]float32, len(p.Data))
	for range 3 {
		uniform(grad, 1, rng)
		a.Step(grad, 1e-4, 1, 1)
		e.Update(p, 1)
	}
	return p, a, e
}

func TestLoadErrors(t *testing.T) {
	f := memoryFile(t, []safetensors.Tensor{
		safetensors.New("ema.phi.weight", make([]float32, 6), 2, 3), safetensors.New("ema.phi.bias", make([]float32, 2), 2),
		safetensors.New("ema.rho.weight", make([]float32, 1), 1, 1),
	})
	load := func(name string, in, out int) error {
		p := new(Params[float32])
		NewLinear(p, name, in, out)
		return p.Load(f, "ema.", p.Data)
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{load("phi", 4, 2), `memory: tensor "ema.phi.weight" has shape [2 3], want [2 4]`},
		{load("psi", 3, 2), `memory: tensor "ema.psi.weight" is missing`},
		{load("phi", 3, 2), `memory: tensor "ema.rho.weight" is not one of the model's`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got %v\nwant %s", c.err, c.want)
		}
	}
}

// Numbers that no training leaves are refused, by name: of parameters, of both moments, and
// of Muon's momentum.
func TestLoadRanges(t *testing.T) {
	for want, spoil := range map[string]func(u *Muon[float32], p *Params[float32]){
		"":                            func(*Muon[float32], *Params[float32]) {},
		`"phi.weight" is NaN`:         func(_ *Muon[float32], p *Params[float32]) { p.Data[1] = float32(math.NaN()) },
		`"o.m.phi.bias" is +Inf`:      func(u *Muon[float32], _ *Params[float32]) { u.Rest.M[0] = float32(math.Inf(1)) },
		`"o.v.phi.bias" is -1`:        func(u *Muon[float32], _ *Params[float32]) { u.Rest.V[1] = -1 },
		`"o.vmax.phi.bias" is -1e-30`: func(u *Muon[float32], _ *Params[float32]) { u.Rest.VMax[0] = -1e-30 },
		`"o.momentum.phi.weight" is `: func(u *Muon[float32], _ *Params[float32]) { u.M[5] = float32(math.NaN()) },
	} {
		p := new(Params[float32])
		NewLinear(p, "phi", 3, 2)
		u := NewMuon(p, p.Blocks[:1])
		spoil(u, p)
		f := memoryFile(t, append(p.Named("", p.Data), u.Named("o.")...))
		err := errors.Join(p.Load(f, "", p.Data), u.Load(f, "o.", 1))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
