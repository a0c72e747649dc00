package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// maxRank is how many dimensions a tensor may have.
const maxRank = 8

// decodeHeader parses a header and checks that its tensors cover size bytes of
// data. It trusts nothing, and keeps no more than the header's own length.
func decodeHeader(header []byte, size int64) (entries []Entry, metadata map[string]string, err error) {
	if !utf8.Valid(header) {
		return nil, nil, errors.New("the header is not UTF-8")
	}
	d := headerDecoder{json.NewDecoder(bytes.NewReader(header))}
	d.UseNumber()
	err = d.object(func(key string) (err error) {
		if key == metadataKey {
			metadata, err = d.metadata()
			return err
		}
		e, err := d.entry(key)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", key, err)
		}
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, nil, errors.New("header: something follows its JSON object")
	}
	return entries, metadata, cover(entries, size)
}

// cover sorts entries by their place and checks that they fill size bytes with
// neither gap nor overlap, each as long as its shape says.
func cover(entries []Entry, size int64) error {
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at := int64(0)
	for _, e := range entries {
		n, ok := count(e.Shape)
		switch {
		case e.begin != at || e.end < e.begin:
			return fmt.Errorf("tensor %q: data_offsets [%d,%d] where %d is next: a gap or an overlap", e.Name, e.begin, e.end, at)
		case e.end > size:
			return fmt.Errorf("tensor %q: data_offsets [%d,%d] in %d bytes of data: the file is truncated or its header wrong", e.Name, e.begin, e.end, size)
		case !ok || n != (e.end-e.begin)/kinds[e.DType].size || (e.end-e.begin)%kinds[e.DType].size != 0:
			return fmt.Errorf("tensor %q: %d bytes for %s of shape %v", e.Name, e.end-e.begin, e.DType, e.Shape)
		}
		at = e.end
	}
	if at != size {
		return fmt.Errorf("%d bytes of data, of which the header names %d", size, at)
	}
	return nil
}

// headerDecoder walks the header token by token, for encoding/json would take
// a key given twice without a word.
type headerDecoder struct{ *json.Decoder }

// object reads an object and calls f at the value of every key.
func (d headerDecoder) object(f func(key string) error) error {
	if err := d.delim('{'); err != nil {
		return err
	}
	seen := make(map[string]bool)
	for d.More() {
		key, err := d.text()
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%q is there twice", key)
		}
		seen[key] = true
		if err := f(key); err != nil {
			return err
		}
	}
	return d.delim('}')
}

func (d headerDecoder) metadata() (map[string]string, error) {
	m := make(map[string]string)
	err := d.object(func(key string) (err error) {
		m[key], err = d.text()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", metadataKey, err)
	}
	return m, nil
}

func (d headerDecoder) entry(name string) (Entry, error) {
	e := Entry{Name: name, begin: -1}
	err := d.object(func(key string) (err error) {
		switch key {
		case "dtype":
			var s string
			s, err = d.text()
			e.DType = DType(s)
		case "shape":
			e.Shape, err = d.numbers(maxRank)
		case "data_offsets":
			var o []int
			if o, err = d.numbers(2); err == nil && len(o) == 2 {
				e.begin, e.end = int64(o[0]), int64(o[1])
			}
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		return err
	})
	switch {
	case err != nil:
		return e, err
	case kinds[e.DType].size == 0:
		return e, fmt.Errorf("dtype %q, where F64, F32, BF16 or F16 is read", e.DType)
	case e.Shape == nil || e.begin < 0:
		return e, errors.New("lacks a shape or two data_offsets")
	}
	return e, nil
}

func (d headerDecoder) delim(want json.Delim) error {
	t, err := d.next()
	if err == nil && t != want {
		err = fmt.Errorf("%v where %v belongs", t, want)
	}
	return err
}

func (d headerDecoder) text() (string, error) {
	t, err := d.next()
	s, ok := t.(string)
	if err == nil && !ok {
		err = fmt.Errorf("%v where a string belongs", t)
	}
	return s, err
}

// numbers reads a list of at most limit whole numbers, none of them negative.
func (d headerDecoder) numbers(limit int) ([]int, error) {
	if err := d.delim('['); err != nil {
		return nil, err
	}
	list := []int{}
	for d.More() {
		t, err := d.next()
		if err != nil {
			return nil, err
		}
		text, _ := t.(json.Number)
		v, err := strconv.ParseUint(string(text), 10, strconv.IntSize-1)
		if err != nil || len(list) == limit {
			return nil, fmt.Errorf("%v in a list of at most %d whole numbers", t, limit)
		}
		list = append(list, int(v))
	}
	return list, d.delim(']')
}

// next is the next token. A header that ends early is an error of its own.
func (d headerDecoder) next() (json.Token, error) {
	t, err := d.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}
