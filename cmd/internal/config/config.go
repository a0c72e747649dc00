// Package config reads what a run is to do: TOML, checked key by key.
package config

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"equifm/datasets"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule"

	"github.com/BurntSushi/toml"
)

// Config is a run, section by section as in the file; presets/tiny.toml explains
// every key. A key left out takes tiny's value.
type Config struct {
	Name    string      `toml:"name"`
	Seed    uint64      `toml:"seed"`
	Data    Data        `toml:"data"`
	Network egnn.Config `toml:"network"`
	Path    Path        `toml:"path"`
	EOT     EOT         `toml:"eot"`
	Train   Train       `toml:"train"`
	Sample  Sample      `toml:"sample"`
}

// Data is what to learn from.
type Data struct {
	Source     string `toml:"source"`
	Split      string `toml:"split"`
	Vocabulary string `toml:"vocabulary"`
}

// Path is the probability path and the loss on it.
type Path struct {
	X     string  `toml:"x"`
	H     string  `toml:"h"`
	Angle float64 `toml:"angle"`
}

// EOT is the optimal transport between noise and data.
type EOT struct {
	Mode      string `toml:"mode"`
	Restarts  int    `toml:"restarts"`
	Unsquared bool   `toml:"unsquared"`
}

// Train is the optimisation.
type Train struct {
	Steps           int     `toml:"steps"`
	Batch           int     `toml:"batch"`
	Shard           int     `toml:"shard"`
	LR              float64 `toml:"lr"`
	Warmup          int     `toml:"warmup"`
	Decay           string  `toml:"decay"`
	WeightDecay     float64 `toml:"weight_decay"`
	EMA             float64 `toml:"ema"`
	LogEvery        int     `toml:"log_every"`
	CheckpointEvery int     `toml:"checkpoint_every"`
}

// Sample is the set of molecules drawn at the end.
type Sample struct {
	Number int     `toml:"number"`
	Solver string  `toml:"solver"`
	Steps  int     `toml:"steps"`
	Grid   string  `toml:"grid"`
	RTol   float64 `toml:"rtol"`
	ATol   float64 `toml:"atol"`
	End    float64 `toml:"end"`
}

// Load reads a preset by its name or a file by its path.
func Load(name string) (Config, error) {
	if text, ok := preset(name); ok {
		return Parse(text, "preset "+name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		if os.IsNotExist(err) && !strings.ContainsAny(name, `./\`) {
			return Config{}, fmt.Errorf("no preset and no file is named %q; presets: %s", name, strings.Join(Presets(), ", "))
		}
		return Config{}, err
	}
	return Parse(string(text), name)
}

// Parse reads a configuration over tiny's values. Errors name the file, the line
// where there is one, the key and what was expected.
func Parse(text, name string) (Config, error) {
	var c Config
	base, _ := preset("tiny")
	known := keys(reflect.TypeFor[Config](), "")
	for _, t := range []string{base, text} {
		meta, err := toml.Decode(t, &c)
		if err != nil {
			return Config{}, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
		}
		for _, key := range meta.Keys() { // the decoder takes Hidden for hidden, and either where both are given
			if !slices.Contains(known, key.String()) {
				return Config{}, fmt.Errorf("%s: %s", name, unknownKey(t, key.String()))
			}
		}
	}
	if err := c.Check(); err != nil {
		return Config{}, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// String returns the configuration as TOML, every key spelled out.
func (c Config) String() string {
	var b bytes.Buffer
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(c); err != nil {
		panic(err) // a struct of numbers and strings always encodes
	}
	return b.String()
}

// Vocabulary returns the elements that the network knows.
func (c Config) Vocabulary() datasets.Vocabulary {
	if c.Data.Vocabulary == "geom" {
		return datasets.GEOMVocabulary()
	}
	return datasets.QM9Vocabulary()
}

// Bonds returns the bond lengths by which molecules of the vocabulary are judged.
func (c Config) Bonds() *molecule.BondTable {
	if c.Data.Vocabulary == "geom" {
		return molecule.GEOMBonds()
	}
	return molecule.QM9Bonds()
}

// Field returns the network's configuration with its widths filled in.
func (c Config) Field() egnn.Config {
	n := c.Network
	n.Features = c.Vocabulary().Features()
	return n
}

// Settings returns the training's settings for the trainer.
func (c Config) Settings(workers int) flow.Settings {
	path, _ := flow.ParsePath(c.Path.X, c.Path.H) // checked by Check
	mode, _ := eot.ParseMode(c.EOT.Mode)
	return flow.Settings{
		Path:  path,
		Align: eot.Options{Mode: mode, Restarts: c.EOT.Restarts, Unsquared: c.EOT.Unsquared},
		Angle: c.Path.Angle, Batch: c.Train.Batch, Shard: c.Train.Shard, Seed: c.Seed, Workers: workers,
	}
}
