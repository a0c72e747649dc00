package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"equifm/cmd/internal/threedmol"
)

//go:embed page
var page embed.FS

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
	if s["3Dmol-min.js"], err = threedmol.Script(); err != nil {
		return nil, err
	}
	s["viewer.js"] = threedmol.Viewer
	if s["packed.js"], err = p.pack(s["worker.js"]); err != nil {
		return nil, err
	}
	delete(s, "worker.js") // packed.js has it
	s["LICENSES.txt"] = []byte(p.licences + licence("3Dmol.js "+threedmol.Version, threedmol.Licence))
	return s, nil
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
