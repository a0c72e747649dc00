package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
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

// keyOf finds the key that the error of a configuration is about.
var keyOf = regexp.MustCompile(`last key "([a-z_.]+)"|^([a-z_]+(?:\.[a-z_]+)?)(?: = |: (?:([a-z_]+) = )?)`)

// explain puts the line of the experiment's file to the error of a configuration that
// was put together from it, for the key where it is set last.
func (f *File) explain(err error, arm any, where []string) error {
	text := strings.TrimPrefix(err.Error(), ": ")
	key := ""
	if m := keyOf.FindStringSubmatch(text); m != nil {
		if key = m[1] + m[2]; m[3] != "" {
			key += "." + m[3]
		}
	}
	text = regexp.MustCompile(`^line \d+ \(last key "[^"]*"\): `).ReplaceAllString(text, key+": ")
	line := 0
	for _, section := range where {
		for name, at := range f.lines {
			if key != "" && (name == section+"."+key || strings.HasPrefix(name, section+"."+key+".")) && (line == 0 || at < line) {
				line = at
			}
		}
		if line > 0 {
			return fmt.Errorf("line %d: arm %v: %s", line, arm, text)
		}
	}
	if text == "" {
		return errors.New("a configuration without a reason")
	}
	return fmt.Errorf("arm %v: %s", arm, text)
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
