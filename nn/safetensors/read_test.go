package safetensors

import (
	"bytes"
	"errors"
	"math"
	"slices"
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

// Written and read again, numbers that a type has are the same, to the bit, be they
// many; float64 does not read a half.
func TestReadInvertsWrite(t *testing.T) {
	for _, c := range halves {
		x := make([]float32, 1<<16) // every pattern there is
		for h := range x {
			x[h] = kinds[c.DType].widen(uint16(h))
		}
		f := memoryFile(t, half(c.DType, "x", x...))
		got := make([]float32, len(x))
		if err := ReadInto(f, "x", got, len(x)); err != nil {
			t.Fatal(err)
		}
		for h, v := range got {
			if math.Float32bits(v) != math.Float32bits(x[h]) {
				t.Errorf("%s: %#08x comes back as %#08x", c.DType, math.Float32bits(x[h]), math.Float32bits(v))
			}
		}
		want := `memory: tensor "x" is ` + string(c.DType) + `, want F64`
		if _, err := ReadVector[float64](f, "x"); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	single, double := make([]float32, 2*ioBlock+1), make([]float64, 2*ioBlock+1)
	for i := range single {
		single[i], double[i] = float32(i)/7, float64(i)/7
	}
	f := memoryFile(t, New("single", single, len(single)), New("double", double, len(double)), New("none", []float64(nil), 0))
	gotSingle, err1 := ReadVector[float32](f, "single")
	gotDouble, err2 := ReadVector[float64](f, "double")
	if err := errors.Join(err1, err2, Check[float64](f, "none", 0)); err != nil || !slices.Equal(gotSingle, single) || !slices.Equal(gotDouble, double) {
		t.Errorf("%v: what is read is not what was written", err)
	}
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
