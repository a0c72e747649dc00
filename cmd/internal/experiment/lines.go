package experiment

import (
	"fmt"
	"strings"
)

// lines finds the line of every key of a TOML text, by its dotted name; those of the
// third arm begin with arm[2]. The decoder does not tell.
func lines(text string) map[string]int {
	at := map[string]int{}
	prefix, tables, quoted := "", map[string]int{}, false
	for i, line := range strings.Split(text, "\n") {
		begins := !quoted
		if strings.Count(line, `"""`)%2 == 1 {
			quoted = !quoted
		}
		line = strings.TrimSpace(line)
		if !begins || line == "" || line[0] == '#' {
			continue
		}
		if name, ok := header(line, "[[", "]]"); ok {
			prefix = fmt.Sprintf("%s[%d].", name, tables[name])
			tables[name]++
			at[strings.TrimSuffix(prefix, ".")] = i + 1
		} else if name, ok := header(line, "[", "]"); ok {
			prefix = name + "."
			at[name] = i + 1
		} else if key, _, ok := strings.Cut(line, "="); ok {
			at[prefix+strings.ReplaceAll(strings.TrimSpace(key), " ", "")] = i + 1
		}
	}
	return at
}

// header reads the name of a table's line, whatever comment follows.
func header(line, open, end string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, open)
	if !ok {
		return "", false
	}
	name, _, ok = strings.Cut(rest, end)
	return strings.TrimSpace(name), ok
}
