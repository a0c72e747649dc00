package oracle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"equifm/datasets"
	"equifm/nn/safetensors"
)

// Write writes the oracle as a file that Open reads, with checksums.
func (o *Oracle) Write(w io.Writer) error {
	config, errConfig := json.Marshal(o.Config)
	scale, errScale := json.Marshal(o.Scale)
	if err := errors.Join(errConfig, errScale); err != nil {
		return err
	}
	p := o.net.Params()
	return safetensors.WriteSealed(w, p.Named("", p.Data), map[string]string{
		"format": "equifm oracle", "version": "1", "config": string(config), "scale": string(scale), "learned": strconv.Itoa(o.Learned)})
}

// Open reads an oracle from a file. It trusts nothing: a file may come from anywhere.
func Open(path string) (*Oracle, error) {
	f, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	o, err := describe(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p := o.net.Params()
	return o, p.Load(f, "", p.Data)
}

// describe returns an oracle by its metadata, its parameters not yet read.
func describe(f *safetensors.File) (*Oracle, error) {
	meta := f.Metadata
	if meta["format"] != "equifm oracle" || meta["version"] != "1" {
		return nil, fmt.Errorf("metadata says format %q, version %q, expected \"equifm oracle\", \"1\"", meta["format"], meta["version"])
	}
	var c Config
	if err := json.Unmarshal([]byte(meta["config"]), &c); err != nil {
		return nil, fmt.Errorf("metadata key \"config\": %w", err)
	}
	var scale datasets.Stats
	if err := json.Unmarshal([]byte(meta["scale"]), &scale); err != nil {
		return nil, fmt.Errorf("metadata key \"scale\": %w", err)
	}
	learned, err := strconv.Atoi(meta["learned"])
	if err != nil || learned < 1 {
		return nil, fmt.Errorf("metadata key \"learned\" is %q, expected a number of molecules", meta["learned"])
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	have := 0
	for _, e := range f.Entries {
		in := 1
		for _, d := range e.Shape {
			in *= d
		}
		have += in
	}
	if want := c.shape().Parameters(); have < want { // before newOracle makes room for them
		return nil, fmt.Errorf("%d numbers for a network of %d parameters", have, want)
	}
	o, err := newOracle(c, scale)
	if err != nil {
		return nil, err
	}
	o.Learned = learned
	return o, nil
}
