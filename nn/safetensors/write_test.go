package safetensors

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"testing"
)

// The bytes of a small file, spelled out: those that the reference
// implementation writes for the same tensors (its own tests list the first).
func TestBytes(t *testing.T) {
	six := []float32{0, 1, 2, 3, 4, 5}
	sixBytes := "\x00\x00\x00\x00" + "\x00\x00\x80\x3f" + "\x00\x00\x00\x40" + "\x00\x00\x40\x40" + "\x00\x00\x80\x40" + "\x00\x00\xa0\x40"
	for _, c := range []struct {
		tensors  []Tensor
		metadata map[string]string
		want     string
	}{
		{[]Tensor{New("attn.0", six, 1, 2, 3)}, nil,
			"\x40\x00\x00\x00\x00\x00\x00\x00" + `{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}` + sixBytes},
		{[]Tensor{New("attn0", six, 1, 1, 2, 3)}, nil,
			"\x48\x00\x00\x00\x00\x00\x00\x00" + `{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ` + sixBytes},
		{nil, nil, "\x08\x00\x00\x00\x00\x00\x00\x00{}      "},
		{nil, map[string]string{"framework": "pt"},
			"\x28\x00\x00\x00\x00\x00\x00\x00" + `{"__metadata__":{"framework":"pt"}}     `},
		{[]Tensor{New("b", []float32{-2}), New("a", []float32{1}, 1), New("z", []float64{1}, 1, 1)}, map[string]string{"k": "<\"é"},
			"\xc8\x00\x00\x00\x00\x00\x00\x00" + `{"__metadata__":{"k":"<\"é"},` +
				`"z":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},` +
				`"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},` +
				`"b":{"dtype":"F32","shape":[],"data_offsets":[12,16]}}       ` +
				"\x00\x00\x00\x00\x00\x00\xf0\x3f" + "\x00\x00\x80\x3f" + "\x00\x00\x00\xc0"},
		{[]Tensor{half(F16, "a", 1), half(BF16, "c", 1, -2), half(BF16, "b", math.Pi), New("z", []float32{1}, 1)}, nil,
			"\xe0\x00\x00\x00\x00\x00\x00\x00" + `{"z":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},` +
				`"b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},` +
				`"c":{"dtype":"BF16","shape":[2],"data_offsets":[6,10]},` +
				`"a":{"dtype":"F16","shape":[1],"data_offsets":[10,12]}}      ` +
				"\x00\x00\x80\x3f" + "\x49\x40" + "\x80\x3f" + "\x00\xc0" + "\x00\x3c"},
	} {
		var b bytes.Buffer
		if err := Write(&b, c.tensors, c.metadata); err != nil || b.String() != c.want {
			t.Errorf("%v\n got %q\nwant %q", err, b.String(), c.want)
		}
	}
}

// half is a vector to write in that type.
func half(d DType, name string, x ...float32) Tensor {
	t := New(name, x, len(x))
	t.DType = d
	return t
}

func TestWriteErrors(t *testing.T) {
	for _, write := range []func(io.Writer, []Tensor, map[string]string) error{Write, WriteSealed} {
		if err := write(io.Discard, nil, map[string]string{"k": "\xff"}); err == nil || err.Error() != `metadata "k" is not UTF-8` {
			t.Errorf("metadata that is not UTF-8: %v", err)
		}
	}
	one := []float32{1}
	for want, tensors := range map[string][]Tensor{
		`safetensors: tensor "a": the name is taken or not UTF-8`:                      {New("a", one, 1), New("a", one, 1)},
		`safetensors: tensor "__metadata__": the name is taken or not UTF-8`:           {New("__metadata__", one, 1)},
		`safetensors: tensor "b": F32 of shape [2] for 1 float32 and 0 float64`:        {{Name: "b", DType: F32, Shape: []int{2}, F32: one}},
		`safetensors: tensor "c": F32 of shape [1] for 1 float32 and 1 float64`:        {{Name: "c", DType: F32, Shape: []int{1}, F32: one, F64: []float64{1}}},
		`safetensors: tensor "d": BF16 of shape [1] for 0 float32 and 1 float64`:       {{Name: "d", DType: BF16, Shape: []int{1}, F64: []float64{1}}},
		`safetensors: tensor "e": F64 of shape [1] for 1 float32 and 0 float64`:        {{Name: "e", DType: F64, Shape: []int{1}, F32: one}},
		`safetensors: tensor "f": I8 of shape [1] for 1 float32 and 0 float64`:         {{Name: "f", DType: "I8", Shape: []int{1}, F32: one}},
		fmt.Sprintf("safetensors: tensor %q: the name is taken or not UTF-8", "\xffd"): {New("\xffd", one, 1)},
	} {
		mustPanic(t, want, func() { Write(new(bytes.Buffer), tensors, nil) })
	}
}

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	f()
}
