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
					x := autograd.Const(in.x.Rows, 3, in.x.Data)
					ws := newWorkspace(tape, in.sizes, c, keepBytes, x, pass == "both")
					y := messages(tape, f, v, ws, h, x, x)
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

// BenchmarkForward times one evaluation of the network on a shard of eight
// molecules of QM9's mean size, of either kind, and BenchmarkStep one with all gradients; both on
// one thread, in needed arithmetic a second and in time a pair and layer.
func BenchmarkForward(b *testing.B) { eachShape(b, false) }

func BenchmarkStep(b *testing.B) { eachShape(b, true) }

func eachShape(b *testing.B, backward bool) {
	for _, s := range []struct{ hidden, edge, layers int }{{192, 32, 8}, {256, 32, 6}, {256, 256, 9}} {
		for _, kind := range []Kind{EGNN, Twin} {
			b.Run(fmt.Sprintf("%v/hidden=%d/edge=%d/layers=%d", kind, s.hidden, s.edge, s.layers), func(b *testing.B) {
				c := QM9()
				c.Kind, c.Hidden, c.Edge, c.Layers = kind, s.hidden, s.edge, s.layers
				benchShard(b, c, backward)
			})
		}
	}
}

func benchShard(b *testing.B, c Config, backward bool) {
	f, err := New[float32](c)
	if err != nil {
		b.Fatal(err)
	}
	f.Init(rand.New(rand.NewPCG(1, 1)))
	in := randomInput[float32](c, []int{18, 17, 19, 18, 16, 20, 18, 18}, 1)
	in.x.Grad, in.h.Grad, in.cond.Grad = nil, nil, nil
	tape, v, passes := autograd.NewTape[float32](), f.params.Bind(nil), 1
	if backward {
		v, passes = f.params.Bind(make([]float32, len(f.params.Data))), 3
	}
	for b.Loop() {
		tape.Reset()
		qx, qh, err := f.Forward(tape, v, in.sizes, in.x, in.h, in.cond)
		if err != nil {
			b.Fatal(err)
		}
		if backward {
			tape.Backward(autograd.Sum(tape, autograd.Concat(tape, qx, qh)))
		}
	}
	pairs := 0
	for _, n := range in.sizes {
		pairs += n * (n - 1)
	}
	steps := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(float64(passes)*c.FLOPs(in.x.Rows, pairs)*steps/1e9, "GFLOP/s")
	b.ReportMetric(1e9/(steps*float64(pairs*c.Layers)), "ns/pair")
}
