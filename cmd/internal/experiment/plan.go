package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"

	"equifm/egnn/trained/config"

	"github.com/BurntSushi/toml"
)

// Mode is how long runs are: quick, on the built-in sample, or long, on Data.
type Mode struct{ Data string } // "" is quick

// String returns quick or long.
func (m Mode) String() string {
	if m.Data == "" {
		return "quick"
	}
	return "long"
}

// configuration resolves an arm's, of the file's own seed, in a mode.
func (f *File) configuration(arm int, mode Mode) (config.Config, error) {
	layers := []Keys{f.Base, f.Quick, f.Arms[arm]}
	where := []string{fmt.Sprintf("arm[%d]", arm), "quick", "base"}
	if mode.Data != "" { // but for an arm that names its own
		layers, where[1] = []Keys{f.Base, f.Long, {"data": Keys{"source": mode.Data}}, f.Arms[arm]}, "long"
	}
	keys := Keys{}
	for _, layer := range layers {
		keys = over(keys, layer)
	}
	for _, own := range armKeys {
		delete(keys, own)
	}
	keys["base"], keys["name"] = f.Preset, "arm"
	var text bytes.Buffer
	if err := toml.NewEncoder(&text).Encode(keys); err != nil {
		return config.Config{}, err
	}
	c, err := config.Parse(text.String(), "")
	if err != nil {
		return c, f.explain(err, f.Arms[arm]["name"], where)
	}
	return c, nil
}

// over returns a with the keys of b over it, section by section.
func over(a, b Keys) Keys {
	out := maps.Clone(a)
	for k, v := range b {
		below, _ := out[k].(Keys)
		section, isSection := v.(Keys)
		if isSection && below != nil {
			v = over(below, section)
		}
		out[k] = v
	}
	return out
}

// explain puts the lines of the experiment's file to the error of a configuration that
// was put together from it: of each key that something is wrong with, where it is set last.
func (f *File) explain(err error, arm any, where []string) error {
	all := new(config.Problems)
	if !errors.As(err, &all) {
		return fmt.Errorf("arm %v: %w", arm, err)
	}
	var errs []error
	for _, p := range all.List {
		errs = append(errs, f.explainOne(p, arm, where))
	}
	return errors.Join(errs...)
}

func (f *File) explainOne(p config.Problem, arm any, where []string) error {
	line := 0
	for _, section := range where {
		for name, at := range f.lines {
			if p.Key != "" && (name == section+"."+p.Key || strings.HasPrefix(name, section+"."+p.Key+".")) && (line == 0 || at < line) {
				line = at
			}
		}
		if line > 0 {
			return fmt.Errorf("line %d: arm %v: %s: %s", line, arm, p.Key, p.Text)
		}
	}
	return fmt.Errorf("arm %v: %s: %s", arm, p.Key, p.Text)
}

// essence is all of a configuration that decides on the weights, as what differs from
// EquiFM's published setting: how a model is sampled from and how often it reports on
// the way does not count, and a key that is new to the program changes no run that
// does without it.
func essence(c config.Config) string {
	return strings.Join(append(config.Diff(config.Default(), c), fmt.Sprintf("train.steps: %d", c.Train.Steps)), "\n")
}

// identity names a configuration by its essence.
func identity(c config.Config) string { return hash(essence(c)) }

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
