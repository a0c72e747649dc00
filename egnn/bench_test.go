package egnn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
)

// BenchmarkEdge times the fused message op, forward and backward, on a shard of
// eight molecules of QM9's mean size, in needed arithmetic a second.
func BenchmarkEdge(b *testing.B) {
	for _, hidden := range []int{64, 128, 256} {
		c := QM9()
		c.Hidden, c.Layers = hidden, 1
		f, err := New[float32](c)
		if err != nil {
			b.Fatal(err)
		}
		f.Init(rand.New(rand.NewPCG(1, 1)))
		in := randomInput[float32](c, []int{18, 18, 18, 18, 18, 18, 18, 18}, 1)
		h := autograd.Var(144, hidden, randomInput[float32](Config{Features: hidden}, in.sizes, 2).h.Data)
		tape, pairs := autograd.NewTape[float32](), 8*18*17
		for _, pass := range []string{"forward", "both"} {
			v := f.params.Bind(nil)
			if pass == "both" {
				v = f.params.Bind(make([]float32, len(f.params.Data)))
			}
			b.Run(fmt.Sprintf("%s/hidden=%d", pass, hidden), func(b *testing.B) {
				flops := 2 * float64(pairs) * float64(hidden*hidden)
				if pass == "both" {
					flops *= 3
				}
				for b.Loop() {
					tape.Reset()
					ws := newWorkspace(tape, in.sizes, hidden)
					x := autograd.Const(in.x.Rows, 3, in.x.Data)
					y := f.messages(tape, v, f.layers[0], ws, h, x, x)
					if pass == "both" {
						tape.BackwardFrom(y, y.Data)
					}
				}
				b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
			})
		}
	}
}
