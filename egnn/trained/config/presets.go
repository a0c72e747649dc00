package config

import (
	"embed"
)

//go:embed presets/*.toml
var presets embed.FS

// Presets lists the names of the built-in configurations.
func Presets() []string {
	return []string{"tiny", "qm9-small", "fine-tune", "given", "geom-drugs", "qm9", "qm9-property", "edm", "edm-tiny", "ve-tiny"}
}

// preset returns the text of a preset, and whether there is one of that name.
func preset(name string) (string, bool) {
	for _, p := range Presets() {
		if p == name {
			text, err := presets.ReadFile("presets/" + name + ".toml")
			return string(text), err == nil
		}
	}
	return "", false
}
