package config

import (
	"bytes"

	"github.com/BurntSushi/toml"
)

// oldKeys are keys of earlier versions, by section and name, and what they are
// called now.
var oldKeys = []struct{ section, name, newSection, newName string }{
	{"path", "angle", "loss", "angle"},
}

// renamed returns the text with old keys under their new names. A text without
// any is returned as it is, and so is one that is not TOML: the decoder says what
// is wrong with it, and where.
func renamed(text string) string {
	var file map[string]any
	if _, err := toml.Decode(text, &file); err != nil {
		return text
	}
	changed := false
	for _, k := range oldKeys {
		from, _ := file[k.section].(map[string]any)
		value, there := from[k.name]
		if !there {
			continue
		}
		delete(from, k.name)
		to, _ := file[k.newSection].(map[string]any)
		if to == nil {
			to = map[string]any{}
			file[k.newSection] = to
		}
		if _, both := to[k.newName]; !both { // the new name wins
			to[k.newName] = value
		}
		changed = true
	}
	if !changed {
		return text
	}
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(file); err != nil {
		return text
	}
	return b.String()
}
