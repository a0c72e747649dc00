package nn_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/nn"
	"equifm/nn/safetensors"
)

// A line fitted to four points on y = 2x − 1, by gradients.
func Example() {
	x := autograd.Const(4, 1, []float64{-1, 0, 1, 2}) // (N, 1)
	y := autograd.Const(4, 1, []float64{-3, -1, 1, 3})

	params := new(nn.Params[float64])
	line := nn.NewLinear(params, "line", 1, 1)
	nn.InitLinear(params, line, rand.New(rand.NewPCG(1, 2)))

	grad := make([]float64, len(params.Data))
	view := params.Bind(grad)
	opt := nn.NewAdamW(params)
	var clip nn.Clipper
	tape := autograd.NewTape[float64]()
	for step := range 500 {
		tape.Reset()
		clear(grad)
		residual := autograd.Sub(tape, nn.Apply(tape, view, line, x), y)
		tape.Backward(autograd.Sum(tape, autograd.Square(tape, residual)))
		lr := 0.1 * (1 - float64(step)/500) // the schedule
		opt.Step(grad, lr, clip.Scale(nn.Norm(grad, 1)), 1)
	}
	for _, b := range params.Blocks {
		fmt.Printf("%s %.3f\n", b.Name, params.Slice(b))
	}
	// Output:
	// line.weight [2.000]
	// line.bias [-1.000]
}

// A model and its average in one file, and the average out of it again.
func ExampleParams_Load() {
	params := new(nn.Params[float32])
	nn.NewMLP(params, "phi", 3, 8, 1)
	ema := nn.NewEMA(params, 0.9999)
	tensors := append(params.Named("", params.Data), params.Named("ema.", ema.Data)...)
	var file bytes.Buffer
	if err := safetensors.WriteSealed(&file, tensors, map[string]string{"step": "0"}); err != nil {
		panic(err)
	}

	f, err := safetensors.NewFile("model.safetensors", bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		panic(err)
	}
	if err := params.Load(f, "ema.", params.Data); err != nil {
		panic(err)
	}
	for _, e := range f.Entries[:4] {
		fmt.Println(e.DType, e.Name, e.Shape)
	}
	// Output:
	// F32 ema.phi.0.bias [8]
	// F32 ema.phi.0.weight [8 3]
	// F32 ema.phi.2.bias [1]
	// F32 ema.phi.2.weight [1 8]
}
