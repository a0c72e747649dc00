package nn

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// The bytes of a small file, spelled out: those that the reference
// implementation writes for the same tensors (its own tests list the first).
func TestBytes(t *testing.T) {
	six := []float32{0, 1, 2, 3, 4, 5}
	sixBytes := "\x00\x00\x00\x00" + "\x00\x00\x80\x3f" + "\x00\x00\x00\x40" + "\x00\x00\x40\x40" + "\x00\x00\x80\x40" + "\x00\x00\xa0\x40"
	for _, c := range []struct {
		tensors  []NamedTensor
		metadata map[string]string
		want     string
	}{
		{[]NamedTensor{Named("attn.0", six, 1, 2, 3)}, nil,
			"\x40\x00\x00\x00\x00\x00\x00\x00" + `{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}` + sixBytes},
		{[]NamedTensor{Named("attn0", six, 1, 1, 2, 3)}, nil,
			"\x48\x00\x00\x00\x00\x00\x00\x00" + `{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ` + sixBytes},
		{nil, nil, "\x08\x00\x00\x00\x00\x00\x00\x00{}      "},
		{nil, map[string]string{"framework": "pt"},
			"\x28\x00\x00\x00\x00\x00\x00\x00" + `{"__metadata__":{"framework":"pt"}}     `},
		{[]NamedTensor{Named("b", []float32{-2}), Named("a", []float32{1}, 1), Named("z", []float64{1}, 1, 1)}, map[string]string{"k": "<\"é"},
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

// Saving and loading is the identity, to the bit: model, average, optimiser.
func TestSaveLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	p, a, e := trained(t, 7)
	metadata := map[string]string{"step": "3", "config": "[model]\nhidden = 5\n"}
	history := []float64{3000, 1.5, math.Pi}
	tensors := append(p.Named("", p.Data), p.Named("ema.", e.Data)...)
	tensors = append(append(tensors, a.Named("adamw.")...), Named("clip.history", history, len(history)))
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WriteSealed(w, tensors, metadata), w.Close()); err != nil {
		t.Fatal(err)
	}

	q, b, d := trained(t, 8)
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := errors.Join(q.Load(f, "", q.Data), q.Load(f, "ema.", d.Data), b.Load(f, "adamw.", a.Steps)); err != nil {
		t.Fatal(err)
	}
	gotHistory, err := ReadVector[float64](f, "clip.history")
	b.params = a.params
	if err != nil || !reflect.DeepEqual(gotHistory, history) || !reflect.DeepEqual(f.Metadata, metadata) ||
		!reflect.DeepEqual(q.Data, p.Data) || !reflect.DeepEqual(d, e) || !reflect.DeepEqual(b, a) {
		t.Errorf("%v: what is loaded is not what was saved", err)
	}
}

// trained is a small model after three steps, all its state random-looking.
func trained(t *testing.T, seed uint64) (*Params[float32], *AdamW[float32], *EMA[float32]) {
	t.Helper()
	p, rng := new(Params[float32]), rand.New(rand.NewPCG(seed, 0))
	m := NewMLP(p, "phi", 3, 100, 101) // more than ioBlock numbers
	InitLinear(p, m.First, rng)
	InitLinear(p, m.Last, rng)
	a, e := NewAdamW(p), NewEMA(p, 0.5)
	grad := make([]float32, len(p.Data))
	for range 3 {
		uniform(grad, 1, rng)
		a.Step(grad, 1e-4, 1, 1)
		e.Update(p, 1)
	}
	return p, a, e
}

func TestLoadErrors(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, []NamedTensor{
		Named("ema.phi.weight", make([]float32, 6), 2, 3), Named("ema.phi.bias", make([]float32, 2), 2),
		Named("ema.rho.weight", make([]float32, 1), 1, 1), Named("double", make([]float64, 1), 1),
	}, nil); err != nil {
		t.Fatal(err)
	}
	f, err := NewFile("x.safetensors", bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	load := func(name string, in, out int) error {
		p := new(Params[float32])
		NewLinear(p, name, in, out)
		return p.Load(f, "ema.", p.Data)
	}
	_, errDouble := ReadVector[float32](f, "double")
	_, errMatrix := ReadVector[float32](f, "ema.phi.weight")
	for _, c := range []struct {
		err  error
		want string
	}{
		{load("phi", 4, 2), `x.safetensors: tensor "ema.phi.weight" has shape [2 3], want [2 4]`},
		{load("psi", 3, 2), `x.safetensors: tensor "ema.psi.weight" is missing`},
		{load("phi", 3, 2), `x.safetensors: tensor "ema.rho.weight" is not one of the model's`},
		{errDouble, `x.safetensors: tensor "double" is F64, want F32`},
		{errMatrix, `x.safetensors: tensor "ema.phi.weight" has shape [2 3], want one dimension`},
		{ReadInto(f, "ema.phi.bias", make([]float32, 2), 1, 2), `x.safetensors: tensor "ema.phi.bias" has shape [2], want [1 2]`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got %v\nwant %s", c.err, c.want)
		}
	}
}

// file is a safetensors file of that header and so many bytes of data.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// refused are files that must not open, and words of the error they must give.
var refused = []struct {
	file []byte
	want string
}{
	{nil, "no safetensors file"},
	{[]byte("\x08\x00\x00\x00\x00"), "no safetensors file"},
	{append(bytes.Repeat([]byte{0xff}, 8), "{}"...), "a header of 18446744073709551615 bytes in a file of 10"},
	{append([]byte("\x00\xe1\xf5\x05\x00\x00\x00\x00"), "{}"...), "a header of 100000000 bytes in a file of 10"},
	{file("", 0), "unexpected EOF"},
	{file("[]", 0), "[ where { belongs"},
	{file("{", 0), "unexpected EOF"},
	{file("{}{}", 0), "something follows"},
	{file("{\"\xff\":1}", 0), "not UTF-8"},
	{file("{}", 4), "4 bytes of data, of which the header names 0"},
	{file(`{"a":1}`, 0), `tensor "a": 1 where { belongs`},
	{file(`{"a":{}}`, 0), `dtype ""`},
	{file(`{"a":{"dtype":"F32"}}`, 0), "lacks a shape"},
	{file(`{"a":{"dtype":"F32","shape":[1]}}`, 4), "lacks a shape"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}`, 4), "lacks a shape"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}`, 4), "list of at most 2"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, 4), `unknown key "x"`},
	{file(`{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}`, 8), `dtype "I64"`},
	{file(`{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, 8), `"dtype" is there twice`},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), `"a" is there twice`},
	{file(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `__metadata__: "a" is there twice`},
	{file(`{"__metadata__":{"a":1}}`, 0), "1 where a string belongs"},
	{file(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4), "-1 in a list of at most 8 whole numbers"},
	{file(`{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}`, 4), "1.0 in a list"},
	{file(`{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}`, 4), "[ in a list"},
	{file(`{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}`, 4), "at most 8"},
	{file(`{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}`, 4), "in a list"},
	{file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4), "4 bytes for F32 of shape [2]"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}`, 5), "5 bytes for F32"},
	{file(`{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}`, 0), "0 bytes for F32"},
	{file(`{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}`, 0), "0 bytes for F64"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}}`, 8), "in 8 bytes of data: the file is truncated"},
}

func TestRefuses(t *testing.T) {
	for _, c := range refused {
		_, err := NewFile("x", bytes.NewReader(c.file), int64(len(c.file)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%.100q: error %v, want %q", c.file, err, c.want)
		}
	}
}

func TestRefusalIsCheap(t *testing.T) {
	var before, after runtime.MemStats
	for _, c := range refused {
		runtime.ReadMemStats(&before)
		NewFile("x", bytes.NewReader(c.file), int64(len(c.file)))
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<16 {
			t.Errorf("%.100q: %d bytes allocated", c.file, spent)
		}
	}
}

// Every cut of a good file is refused.
func TestTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.safetensors")
	var b bytes.Buffer
	if err := Write(&b, []NamedTensor{Named("a", []float32{1, 2, 3}, 3)}, map[string]string{"k": "v"}); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		if err := os.WriteFile(path, b.Bytes()[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if f, err := OpenFile(path); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%d of %d bytes: %v, error %v", n, b.Len(), f, err)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	for _, write := range []func(io.Writer, []NamedTensor, map[string]string) error{Write, WriteSealed} {
		if err := write(io.Discard, nil, map[string]string{"k": "\xff"}); err == nil || err.Error() != `metadata "k" is not UTF-8` {
			t.Errorf("metadata that is not UTF-8: %v", err)
		}
	}
	one := []float32{1}
	for want, tensors := range map[string][]NamedTensor{
		`nn: tensor "a": the name is taken or not UTF-8`:                      {Named("a", one, 1), Named("a", one, 1)},
		`nn: tensor "__metadata__": the name is taken or not UTF-8`:           {Named("__metadata__", one, 1)},
		`nn: tensor "b": shape [2] for 1 float32 and 0 float64`:               {{Name: "b", Shape: []int{2}, F32: one}},
		`nn: tensor "c": shape [1] for 1 float32 and 1 float64`:               {{Name: "c", Shape: []int{1}, F32: one, F64: []float64{1}}},
		fmt.Sprintf("nn: tensor %q: the name is taken or not UTF-8", "\xffd"): {Named("\xffd", one, 1)},
	} {
		mustPanic(t, want, func() { Write(new(bytes.Buffer), tensors, nil) })
	}
}

// Whatever opens can be read whole, and written again to the same tensors.
func FuzzSafetensors(f *testing.F) {
	for _, c := range refused {
		f.Add(c.file)
	}
	f.Add(file(`{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]},"b":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}`, 8))
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

func readAll(t *testing.T, f *File) []NamedTensor {
	t.Helper()
	var tensors []NamedTensor
	for _, e := range f.Entries {
		n, _ := count(e.Shape)
		var err error
		if e.DType == "F64" {
			x := make([]float64, n)
			err = ReadInto(f, e.Name, x, e.Shape...)
			tensors = append(tensors, Named(e.Name, x, e.Shape...))
		} else {
			x := make([]float32, n)
			err = ReadInto(f, e.Name, x, e.Shape...)
			tensors = append(tensors, Named(e.Name, x, e.Shape...))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return tensors
}
