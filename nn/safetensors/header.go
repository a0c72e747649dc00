package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	metadataKey = "__metadata__"
	maxHeader   = 100_000_000 // bytes, the reference implementation's limit
)

// Entry is what the header says of one tensor.
type Entry struct {
	Name  string
	DType DType
	Shape []int

	begin, end int64 // bytes, from the start of the data
}

// encodeHeader returns the file up to the data, for tensors in the given order.
func encodeHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 8)) // room for the length
	b.WriteByte('{')
	comma := ""
	if len(metadata) > 0 {
		for k, v := range metadata {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				return nil, fmt.Errorf("metadata %q is not UTF-8", k)
			}
		}
		fmt.Fprintf(b, "%s:%s", quote(metadataKey), quote(metadata))
		comma = ","
	}
	offset := int64(0)
	seen := map[string]bool{metadataKey: true}
	for _, t := range tensors {
		t.mustHold()
		if seen[t.Name] || !utf8.ValidString(t.Name) {
			panic(fmt.Sprintf("safetensors: tensor %q: the name is taken or not UTF-8", t.Name))
		}
		seen[t.Name] = true
		end := offset + int64(t.Len())*kinds[t.DType].size
		shape := strings.ReplaceAll(strings.Trim(fmt.Sprint(t.Shape), "[]"), " ", ",")
		fmt.Fprintf(b, `%s%s:{"dtype":%q,"shape":[%s],"data_offsets":[%d,%d]}`, comma, quote(t.Name), t.DType, shape, offset, end)
		offset, comma = end, ","
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	if b.Len()-8 > maxHeader {
		return nil, fmt.Errorf("a header of %d bytes, of at most %d", b.Len()-8, maxHeader)
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(b.Len()-8))
	return b.Bytes(), nil
}

// quote returns a string or a map of strings as JSON, without HTML's escapes.
func quote[S string | map[string]string](s S) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}
