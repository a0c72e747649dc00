package nn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

func init() { autograd.Use32(kernel.BLAS{}) } // as programs do

// layerShapes are the matrices of a layer of hidden width 192 and edge width 32:
// node perceptron, edge and coordinate perceptrons.
var layerShapes = [][2]int{{192, 224}, {192, 192}, {32, 386}, {32, 32}, {32, 386}, {32, 32}}

// BenchmarkMuon is one step of hidden × edge × layers, the matrices with their biases.
func BenchmarkMuon(b *testing.B) {
	for _, workers := range []int{1, 2} {
		for _, poles := range []int{0, 1, 2} {
			b.Run(fmt.Sprintf("192x32x8/workers=%d/poles=%v", workers, poles), func(b *testing.B) {
				benchMuon(b, slices.Repeat(layerShapes, 8), workers, poles)
				b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/step")
			})
		}
	}
	for _, shape := range append(layerShapes[:4:4], [2]int{256, 288}, [2]int{256, 256}) {
		for _, poles := range []int{0, 1, 2} {
			b.Run(fmt.Sprintf("%dx%d/poles=%v", shape[0], shape[1], poles), func(b *testing.B) {
				benchMuon(b, [][2]int{shape}, 1, poles)
			})
		}
	}
}

func benchMuon(b *testing.B, shapes [][2]int, workers int, poles int) {
	p, matrices := perceptrons[float32](shapes)
	rng := rand.New(rand.NewPCG(1, 1))
	uniform(p.Data, 0.1, rng)
	grad := make([]float32, len(p.Data))
	uniform(grad, 1, rng)
	u := NewMuon(p, matrices)
	u.Poles = poles
	u.Step(grad, 1e-3, 1, workers)
	for b.Loop() {
		u.Step(grad, 1e-3, 1, workers)
	}
}

// perceptrons is a linear layer for each shape, and the layers' matrices.
func perceptrons[T autograd.Float](shapes [][2]int) (*Params[T], []Block) {
	p := new(Params[T])
	var matrices []Block
	for i, s := range shapes {
		matrices = append(matrices, NewLinear(p, fmt.Sprint("layer.", i), s[1], s[0]).W)
	}
	return p, matrices
}
