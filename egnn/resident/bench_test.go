//go:build cublas && linux

package resident

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"equifm/autograd/cuda"
	"equifm/egnn"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// workload is what a step is measured of.
type workload struct {
	hidden, edge, layers int
	muon                 bool
	batch                int
	tf32                 bool
}

// BenchmarkStep is a whole step of training, on molecules of QM9's sizes: of the paper's
// network and optimiser at batch 512, and of the recipe's. Under the shim it is of no use.
func BenchmarkStep(b *testing.B) {
	for _, tf32 := range []bool{false, true} {
		b.Run(fmt.Sprintf("256x9/AdamW/512/tf32=%t", tf32), func(b *testing.B) { step(b, workload{256, 256, 9, false, 512, tf32}, 0) })
		for _, batch := range []int{64, 256, 512} {
			b.Run(fmt.Sprintf("192x32x12/Muon/%d/tf32=%t", batch, tf32), func(b *testing.B) { step(b, workload{192, 32, 12, true, batch, tf32}, 0) })
		}
	}
}

// BenchmarkPieces is a step of the paper's network by how many pairs are computed together.
func BenchmarkPieces(b *testing.B) {
	for _, pairs := range []int{1 << 14, 1 << 16, 1 << 18} {
		b.Run(fmt.Sprint(pairs), func(b *testing.B) { step(b, workload{256, 256, 9, false, 512, true}, pairs) })
	}
}

func step(b *testing.B, w workload, pairs int) {
	d, err := Open(cuda.Options{TF32: w.tf32})
	if err != nil {
		b.Skip(err)
	}
	defer d.Close()
	c := egnn.QM9()
	c.Hidden, c.Edge, c.Layers = w.hidden, w.edge, w.layers
	net, err := egnn.New[float32](c)
	if err != nil {
		b.Fatal(err)
	}
	net.Init(rand.New(rand.NewPCG(1, 0)))
	var o nn.Optimizer[float32] = nn.NewAdamW(net.Params())
	if w.muon {
		o = nn.NewMuon(net.Params(), net.Matrices())
	}
	tr, err := flow.NewTrainer(flow.Settings{Path: flow.Path{X: schedule.Linear{}, H: schedule.VPLinear}, Weights: flow.Published,
		Batch: w.batch, Shard: 8, EMA: 0.9999, Seed: 1}, net, o, sized(c, 2048))
	if err != nil {
		b.Fatal(err)
	}
	engine, err := NewEngine(d, net, tr, 4<<30)
	if err != nil {
		b.Fatal(err)
	}
	if tr.Engine = engine; pairs > 0 {
		engine.field.rows = pairs
	}
	for range 3 { // takes the memory
		if _, err := tr.Step(); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := tr.Step(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(w.batch)*float64(b.N)/b.Elapsed().Seconds(), "molecules/s")
	b.ReportMetric(float64(d.Most()>>20), "MB")
}

// sized are n molecules of about QM9's sizes.
func sized(c egnn.Config, n int) (examples []flow.Example[float32]) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range n {
		atoms := min(max(int(18+3*rng.NormFloat64()+0.5), 3), 29)
		e := flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 3*atoms), H: make([]float32, atoms*c.Features)}}
		flow.CentredNormal(rng, e.X)
		flow.Normal(rng, e.H)
		examples = append(examples, e)
	}
	return examples
}
