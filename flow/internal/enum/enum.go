// Package enum names the values of a choice between few things: a small number that
// reads and writes its name as text, so that it can be a value in TOML or JSON, or a
// flag.
package enum

import (
	"fmt"
	"slices"
	"strings"
)

// Name returns the name of a value, or, of a value without one, its type and number.
func Name[E ~int](kind string, names []string, v E) string {
	if v < 0 || int(v) >= len(names) {
		return fmt.Sprintf("%s(%d)", kind, int(v))
	}
	return names[v]
}

// Marshal returns the name of a value.
func Marshal[E ~int](what string, names []string, v E) ([]byte, error) {
	if v < 0 || int(v) >= len(names) {
		return nil, fmt.Errorf("no %s has the number %d", what, int(v))
	}
	return []byte(names[v]), nil
}

// Unmarshal sets v to the value of that name. An error leaves it alone.
func Unmarshal[E ~int](what string, names []string, text []byte, v *E) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("unknown %s %q; known: %s", what, text, strings.Join(names, ", "))
	}
	*v = E(i)
	return nil
}
