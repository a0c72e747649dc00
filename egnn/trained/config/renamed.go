package config

import "fmt"

// oldKeys are keys of earlier versions, by section and name, and what they are
// called now.
var oldKeys = []struct{ section, name, newSection, newName string }{
	{"path", "angle", "loss", "angle"},
}

// renamed moves the values of a file's old keys to their new names, where the file has
// not those too. It returns a note for each.
func renamed(file map[string]any) (notes []string) {
	for _, k := range oldKeys {
		from, _ := file[k.section].(map[string]any)
		value, there := from[k.name]
		if !there {
			continue
		}
		delete(from, k.name)
		notes = append(notes, fmt.Sprintf("%s.%s is called %s.%s now", k.section, k.name, k.newSection, k.newName))
		to, ok := file[k.newSection].(map[string]any)
		if !ok {
			to = map[string]any{}
			file[k.newSection] = to
		}
		if _, both := to[k.newName]; !both {
			to[k.newName] = value
		}
	}
	return notes
}
