package safetensors_test

import (
	"bytes"
	"fmt"

	"equifm/nn/safetensors"
)

// Two tensors and a line of text into a file, and one of them out of it.
func Example() {
	weight := []float32{1, 2, 3, 4, 5, 6}
	bias := []float32{-1, 1}
	var file bytes.Buffer
	err := safetensors.WriteSealed(&file, []safetensors.Tensor{
		safetensors.New("layer.weight", weight, 2, 3),
		safetensors.New("layer.bias", bias, 2),
	}, map[string]string{"step": "20"})
	if err != nil {
		panic(err)
	}

	f, err := safetensors.NewFile("example", bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		panic(err)
	}
	for _, e := range f.Entries {
		fmt.Println(e.Name, e.DType, e.Shape)
	}
	got := make([]float32, 6)
	fmt.Println(safetensors.ReadInto(f, "layer.weight", got, 2, 3), got, f.Metadata)
	fmt.Println(safetensors.ReadInto(f, "layer.weight", got, 3, 2))

	file.Bytes()[file.Len()-1] ^= 1 // one bit of the last number
	_, err = safetensors.NewFile("example", bytes.NewReader(file.Bytes()), int64(file.Len()))
	fmt.Printf("%.35s\n", err)
	// Output:
	// layer.bias F32 [2]
	// layer.weight F32 [2 3]
	// <nil> [1 2 3 4 5 6] map[step:20]
	// example: tensor "layer.weight" has shape [2 3], want [3 2]
	// example: damaged: the data's sha256
}
