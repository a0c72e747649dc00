package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// oldKeys are keys of earlier versions, by section and name, and what they are
// called now.
var oldKeys = []struct{ section, name, newSection, newName string }{
	{"path", "angle", "loss", "angle"},
}

// renamed reads a text's old keys into what c has under their new names, where the
// text has not those too. It returns the keys and a note for each.
func renamed(text string, c *Config) (keys, notes []string, err error) {
	var file map[string]any
	if _, err := toml.Decode(text, &file); err != nil {
		return nil, nil, err
	}
	for _, k := range oldKeys {
		from, _ := file[k.section].(map[string]any)
		value, there := from[k.name]
		if !there {
			continue
		}
		key := k.section + "." + k.name
		keys, notes = append(keys, key), append(notes, fmt.Sprintf("%s is called %s.%s now", key, k.newSection, k.newName))
		to, _ := file[k.newSection].(map[string]any)
		if _, both := to[k.newName]; both {
			continue
		}
		var b bytes.Buffer
		if err := toml.NewEncoder(&b).Encode(map[string]any{k.newSection: map[string]any{k.newName: value}}); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", key, err)
		}
		if _, err := toml.Decode(b.String(), c); err != nil {
			_, what, _ := strings.Cut(err.Error(), "): ") // behind the place in a text that nobody has seen
			return nil, nil, fmt.Errorf("%s: %s", key, what)
		}
	}
	return keys, notes, nil
}
