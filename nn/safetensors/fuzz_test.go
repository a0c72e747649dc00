package safetensors

import (
	"bytes"
	"testing"
)

// Whatever opens can be read whole, and written again to the same tensors.
func FuzzNewFile(f *testing.F) {
	for _, c := range refused {
		f.Add(c.file)
	}
	f.Add(file(`{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]},"b":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}`, 8))
	f.Add(file(`{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}`, 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := NewFile("x", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		tensors := readAll(t, first)
		var b bytes.Buffer
		if err := Write(&b, tensors, first.Metadata); err != nil {
			t.Fatal(err)
		}
		second, err := NewFile("y", bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var again bytes.Buffer
		if err := Write(&again, readAll(t, second), second.Metadata); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%v: written twice\n%q\n%q", err, b.Bytes(), again.Bytes())
		}
	})
}

func readAll(t *testing.T, f *File) []Tensor {
	t.Helper()
	var tensors []Tensor
	for _, e := range f.Entries {
		n, _ := count(e.Shape)
		var err error
		if e.DType == "F64" {
			x := make([]float64, n)
			err = ReadInto(f, e.Name, x, e.Shape...)
			tensors = append(tensors, New(e.Name, x, e.Shape...))
		} else {
			x := make([]float32, n)
			err = ReadInto(f, e.Name, x, e.Shape...)
			tensors = append(tensors, New(e.Name, x, e.Shape...))
			tensors[len(tensors)-1].DType = e.DType
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return tensors
}
