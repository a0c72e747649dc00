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

// BenchmarkStep is a whole step of training, on molecules of QM9's sizes: of the paper's
// network at batch 512, and of the recipe's. Under the shim it is of no use.
func BenchmarkStep(b *testing.B) {
	for _, w := range []struct{ hidden, edge, layers int }{{256, 256, 9}, {192, 32, 12}} {
		for _, tf32 := range []bool{false, true} {
			b.Run(fmt.Sprintf("%dx%dx%d/batch512/tf32=%t", w.hidden, w.edge, w.layers, tf32), func(b *testing.B) {
				d, err := Open(cuda.Options{TF32: tf32})
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
				tr, err := flow.NewTrainer(flow.Settings{Path: flow.Path{X: schedule.Linear{}, H: schedule.VPLinear}, Weights: flow.Published,
					Batch: 512, Shard: 8, EMA: 0.9999, Seed: 1}, net, nn.NewMuon(net.Params(), net.Matrices()), sized(c, 2048))
				if err != nil {
					b.Fatal(err)
				}
				if tr.Engine, err = NewEngine(d, net, tr, 4<<30); err != nil {
					b.Fatal(err)
				}
				if _, err := tr.Step(); err != nil { // takes the memory
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := tr.Step(); err != nil {
						b.Fatal(err)
					}
				}
				d.Bind()()
				b.ReportMetric(512*float64(b.N)/b.Elapsed().Seconds(), "molecules/s")
				b.ReportMetric(float64(d.Most()>>20), "MB")
			})
		}
	}
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
