package safetensors

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// sealed is a small file with its checksums.
func sealed(t *testing.T) ([]byte, []Tensor, map[string]string) {
	t.Helper()
	tensors := []Tensor{New("a", []float32{1, -2, float32(math.NaN())}, 3), New("z", []float64{0.5}, 1, 1), half(BF16, "w", 0.5)}
	metadata := map[string]string{"k": `"sha256.header":"` + noDigits + `"`, "step": "3"}
	var b bytes.Buffer
	if err := WriteSealed(&b, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), tensors, metadata
}

// Sealing changes the metadata alone, and only until the file is open again.
func TestSealIsNotSeen(t *testing.T) {
	data, tensors, metadata := sealed(t)
	kept := maps.Clone(metadata)
	f, err := NewFile("x", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var plain, again bytes.Buffer
	if err := Write(&plain, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	if err := Write(&again, readAll(t, f), f.Metadata); err != nil {
		t.Fatal(err)
	}
	if !f.Sealed || !maps.Equal(metadata, kept) || !bytes.Equal(plain.Bytes(), again.Bytes()) {
		t.Errorf("sealed: %v, metadata %v, the files %q and %q", f.Sealed, metadata, plain.Bytes(), again.Bytes())
	}
	f, err = NewFile("x", bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil || f.Sealed {
		t.Errorf("a file without checksums: %v, sealed %v", err, f.Sealed)
	}
}

// Whichever single bit changes, in the length, the header or the numbers, the
// file is refused; so is any cut of it.
func TestFaultEveryBitOfASealedFileCounts(t *testing.T) {
	data, _, _ := sealed(t)
	refused := func(bad []byte, what string, at int) {
		if _, err := NewFile("x", bytes.NewReader(bad), int64(len(bad))); err == nil || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%s %d: error %v", what, at, err)
		}
	}
	for i := range 8 * len(data) {
		bad := slices.Clone(data)
		bad[i/8] ^= 1 << (i % 8)
		refused(bad, "bit", i)
	}
	for n := range data {
		refused(data[:n], "cut at", n)
	}
}
