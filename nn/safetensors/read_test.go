package safetensors

import (
	"bytes"
	"testing"
)

func TestReadErrors(t *testing.T) {
	f := memoryFile(t, New("weight", make([]float32, 6), 2, 3), New("bias", make([]float32, 2), 2), New("double", make([]float64, 1), 1))
	_, errDouble := ReadVector[float32](f, "double")
	_, errMatrix := ReadVector[float32](f, "weight")
	for _, c := range []struct {
		err  error
		want string
	}{
		{errDouble, `memory: tensor "double" is F64, want F32`},
		{errMatrix, `memory: tensor "weight" has shape [2 3], want one dimension`},
		{ReadInto(f, "bias", make([]float32, 2), 1, 2), `memory: tensor "bias" has shape [2], want [1 2]`},
		{ReadInto(f, "bias", make([]float64, 2), 2), `memory: tensor "bias" is F32, want F64`},
		{ReadInto(f, "gate", make([]float32, 2), 2), `memory: tensor "gate" is missing`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got %v\nwant %s", c.err, c.want)
		}
	}
	mustPanic(t, `safetensors: ReadInto: "bias": shape [2] does not hold 3 numbers`, func() { ReadInto(f, "bias", make([]float32, 3), 2) })
}

// memoryFile is a file of these tensors that lies in memory.
func memoryFile(t *testing.T, tensors ...Tensor) *File {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tensors, nil); err != nil {
		t.Fatal(err)
	}
	f, err := NewFile("memory", bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return f
}
