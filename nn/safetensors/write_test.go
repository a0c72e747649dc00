package safetensors

import (
	"bytes"
	"fmt"
	"io"
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
	} {
		var b bytes.Buffer
		if err := Write(&b, c.tensors, c.metadata); err != nil || b.String() != c.want {
			t.Errorf("%v\n got %q\nwant %q", err, b.String(), c.want)
		}
	}
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
		`safetensors: tensor "b": shape [2] for 1 float32 and 0 float64`:               {{Name: "b", Shape: []int{2}, F32: one}},
		`safetensors: tensor "c": shape [1] for 1 float32 and 1 float64`:               {{Name: "c", Shape: []int{1}, F32: one, F64: []float64{1}}},
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
