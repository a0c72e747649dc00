package config

import (
	"bytes"
	"fmt"

	"github.com/BurntSushi/toml"
)

// oldKeys are keys of earlier versions, by section and name, and what they are
// called now.
var oldKeys = []struct{ section, name, newSection, newName string }{
	{"path", "angle", "loss", "angle"},
}

// renamed returns the text with old keys under their new names, and a note for
// each. A text without any is returned as it is, and so is one that is not TOML:
// the decoder says what is wrong with it, and where.
func renamed(text string) (now string, notes []string) {
	var file map[string]any
	if _, err := toml.Decode(text, &file); err != nil {
		return text, nil
	}
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
		notes = append(notes, fmt.Sprintf("%s.%s is called %s.%s now", k.section, k.name, k.newSection, k.newName))
	}
	if notes == nil {
		return text, nil
	}
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(file); err != nil {
		return text, nil
	}
	return b.String(), notes
}
