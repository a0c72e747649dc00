package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"strings"
)

// A sealed file has two checksums among its metadata:
//
//	sha256.data    of the data, as 64 hexadecimal digits
//	sha256.header  of everything before the data, its own digits counted as zeros
//
// Two, because one could be lost unseen: a bit that flips in its key makes a
// file that never had any. Of two the other one is left, and covers that key.
const (
	sealData   = "sha256.data"
	sealHeader = "sha256.header"
)

var noDigits = strings.Repeat("0", 2*sha256.Size)

// WriteSealed is Write with checksums in the metadata, by which [NewFile] and
// [Open] refuse a file in which a bit has changed since.
func WriteSealed(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	tensors = inOrder(tensors)
	data := sha256.New()
	if err := writeData(data, tensors); err != nil {
		return err
	}
	sealed := map[string]string{}
	maps.Copy(sealed, metadata)
	sealed[sealData], sealed[sealHeader] = digits(data), noDigits
	header, err := encodeHeader(tensors, sealed)
	if err != nil {
		return err
	}
	sum, place := sha256.New(), sealPlace(noDigits)
	sum.Write(header)
	if _, err := w.Write(bytes.Replace(header, place, sealPlace(digits(sum)), 1)); err != nil {
		return err
	}
	return writeData(w, tensors)
}

// sealPlace is how the header's checksum stands in the header. Nothing else can
// look like it there: a quote inside a name or a value is escaped.
func sealPlace(sum string) []byte { return fmt.Appendf(nil, `"%s":"%s"`, sealHeader, sum) }

func digits(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// unseal checks the checksums, if the file has any, and takes them out of the
// metadata: they are the file's, and not what was written in it. The header is
// here with its length before it.
func (f *File) unseal(header []byte, size int64) error {
	wantData, hasData := f.Metadata[sealData]
	wantHeader, hasHeader := f.Metadata[sealHeader]
	if !hasData && !hasHeader {
		return nil
	}
	if !hasData || !hasHeader {
		return errors.New("damaged: of its two checksums one is missing")
	}
	sum, data := sha256.New(), sha256.New()
	sum.Write(bytes.Replace(header, sealPlace(wantHeader), sealPlace(noDigits), 1))
	if got := digits(sum); got != wantHeader {
		return fmt.Errorf("damaged: the header's sha256 is %s, and was %.64s when it was written", got, wantHeader)
	}
	if _, err := io.Copy(data, io.NewSectionReader(f.r, f.start, size-f.start)); err != nil {
		return err
	}
	if got := digits(data); got != wantData {
		return fmt.Errorf("damaged: the data's sha256 is %s, and was %s when it was written", got, wantData)
	}
	delete(f.Metadata, sealData)
	delete(f.Metadata, sealHeader)
	f.Sealed = true
	return nil
}
