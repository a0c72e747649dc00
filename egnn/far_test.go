package egnn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
)

// BenchmarkFar times a gradient of one molecule, whose atoms are as dense as in
// molecules or in a chain, by pair: what atoms far from each other cost must not be
// more than what near ones do.
func BenchmarkFar(b *testing.B) {
	for _, atoms := range []int{60, 181, 500} {
		for _, shape := range []string{"ball", "chain"} {
			b.Run(fmt.Sprintf("%s/%d", shape, atoms), func(b *testing.B) { benchFar(b, atoms, shape) })
		}
	}
}

func benchFar(b *testing.B, atoms int, shape string) {
	c := QM9()
	c.Hidden, c.Edge, c.Layers = 64, 32, 2
	f, err := New[float32](c)
	if err != nil {
		b.Fatal(err)
	}
	f.Init(rand.New(rand.NewPCG(1, 1)))
	in := randomInput[float32](c, []int{atoms}, 1)
	in.x.Grad, in.h.Grad, in.cond.Grad = nil, nil, nil
	width := 1.2 * math.Cbrt(float64(atoms)/18) // Å: QM9's of 18 atoms
	for i := range in.x.Data {
		in.x.Data[i] *= float32(width)
		if shape == "chain" && i%3 == 0 {
			in.x.Data[i] = float32(i) / 3 * 0.5
		}
	}
	tape, v := autograd.NewTape[float32](), f.params.Bind(make([]float32, len(f.params.Data)))
	for b.Loop() {
		tape.Reset()
		qx, qh, err := f.Forward(tape, v, in.sizes, in.x, in.h, in.cond)
		if err != nil {
			b.Fatal(err)
		}
		tape.Backward(autograd.Sum(tape, autograd.Concat(tape, qx, qh)))
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*c.Layers*atoms*(atoms-1)), "ns/pair")
}
