package safetensors

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

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
	{file(`{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,3]}}`, 3), "3 bytes for BF16"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "a gap or an overlap"},
	{file(`{"a":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}}`, 8), "in 8 bytes of data: the file is truncated"},
}

func TestFaultHostileHeaders(t *testing.T) {
	for _, c := range refused {
		_, err := NewFile("x", bytes.NewReader(c.file), int64(len(c.file)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%.100q: error %v, want %q", c.file, err, c.want)
		}
	}
}

func TestFaultHostileHeadersAreCheap(t *testing.T) {
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
func TestFaultTruncatedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.safetensors")
	var b bytes.Buffer
	if err := Write(&b, []Tensor{New("a", []float32{1, 2, 3}, 3)}, map[string]string{"k": "v"}); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		if err := os.WriteFile(path, b.Bytes()[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if f, err := Open(path); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%d of %d bytes: %v, error %v", n, b.Len(), f, err)
		}
	}
}
