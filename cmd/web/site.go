package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

//go:embed page
var page embed.FS

// 3Dmol.js, as the npm package has it; 3dmol/README.md says how it came here.
var (
	//go:embed 3dmol/3Dmol-min.js.gz
	threeDmol []byte
	//go:embed 3dmol/LICENSE.txt
	threeDmolLicence string
)

// Of the script unpacked, which does not say its version itself.
const (
	threeDmolVersion = "2.5.5"
	threeDmolSHA256  = "f7cc78921ae72e7623e89cdd111434f58c2efddd2ffda1cd212644b406fb8016"
)

// build makes all files of the page.
func build() (site, error) {
	p, err := compile()
	if err != nil {
		return nil, err
	}
	return p.site()
}

// site puts the page together around the sampler's program.
func (p program) site() (site, error) {
	s := site{}
	entries, err := page.ReadDir("page")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if s[e.Name()], err = page.ReadFile("page/" + e.Name()); err != nil {
			return nil, err
		}
	}
	if s["3Dmol-min.js"], err = viewer(); err != nil {
		return nil, err
	}
	if s["packed.js"], err = p.pack(s["worker.js"]); err != nil {
		return nil, err
	}
	delete(s, "worker.js") // packed.js has it
	s["LICENSES.txt"] = []byte(p.licences + licence("3Dmol.js "+threeDmolVersion, threeDmolLicence))
	return s, nil
}

// viewer unpacks 3Dmol.js.
func viewer() ([]byte, error) {
	script, err := unzip(threeDmol)
	if err != nil {
		return nil, fmt.Errorf("3Dmol-min.js.gz: %w", err)
	}
	if sum := sha256.Sum256(script); hex.EncodeToString(sum[:]) != threeDmolSHA256 {
		return nil, fmt.Errorf("3Dmol-min.js.gz holds a script of SHA-256 %x, expected %s", sum, threeDmolSHA256)
	}
	return script, nil
}

func unzip(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// pack writes the worker's text and the program as a script: scripts are all that a page
// may load where it was opened from a disk.
func (p program) pack(worker []byte) ([]byte, error) {
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(p.wasm); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(map[string]string{
		"worker":  string(p.support) + "\n" + string(worker),
		"program": base64.StdEncoding.EncodeToString(z.Bytes()), // gzip of a wasm file
	})
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "\"use strict\";\nconst packed = %s;\n", text), nil
}
