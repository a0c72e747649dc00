package config

import (
	"reflect"
	"strings"
)

// nearestKey returns the known key that is nearest to one that is not: of those with
// the same last word, if there are any, which may only be in the wrong section.
func nearestKey(key string) string {
	known := Keys()
	last := key[strings.LastIndexByte(key, '.')+1:]
	var same []string
	for _, k := range known {
		if k[strings.LastIndexByte(k, '.')+1:] == last {
			same = append(same, k)
		}
	}
	if len(same) > 0 {
		known = same
	}
	return Nearest(key, known)
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
