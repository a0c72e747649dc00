package config

import (
	"fmt"
	"reflect"
	"strings"
)

// unknownKey describes a key that no setting has: where it stands and which
// known key is nearest.
func unknownKey(text, key string) string {
	where := ""
	last := key[strings.LastIndexByte(key, '.')+1:]
	for i, line := range strings.Split(text, "\n") {
		if word := strings.Trim(strings.TrimSpace(line), "[]"); strings.HasPrefix(word, last) || strings.HasPrefix(word, key) {
			where = fmt.Sprintf("line %d: ", i+1)
			break
		}
	}
	return fmt.Sprintf("%sunknown key %q; the nearest known one is %q", where, key, Nearest(key, Keys()))
}

// Keys lists the dotted names of all settings and of their sections.
func Keys() []string { return keys(reflect.TypeFor[Config](), "") }

// Nearest returns the known word that is the fewest letters from another, the first
// of several.
func Nearest(word string, known []string) (best string) {
	least := -1
	for _, k := range known {
		if d := distance(word, k); least < 0 || d < least {
			best, least = k, d
		}
	}
	return best
}

// keys lists the dotted names of all settings.
func keys(t reflect.Type, prefix string) (names []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("toml")
		if name == "-" {
			continue
		}
		names = append(names, prefix+name)
		if f.Type.Kind() == reflect.Struct {
			names = append(names, keys(f.Type, prefix+name+".")...)
		}
	}
	return names
}

// distance is the number of letters to insert, delete or replace to make b of a
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			row[j+1] = min(above+1, row[j]+1, diagonal+btoi(a[i] != b[j]))
			diagonal = above
		}
	}
	return row[len(b)]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
