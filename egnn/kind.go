package egnn

import (
	"fmt"
	"slices"
	"strings"
)

// Kind says which of the two networks a Config is the shape of.
type Kind int

const (
	EGNN Kind = iota // turns its answer with its input, as published
	Twin             // the same network without that, for comparison (twin.go)
)

var kindNames = []string{"egnn", "twin"}

// String returns the name that UnmarshalText reads.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return kindNames[k]
}

// MarshalText writes the name; a kind without one is an error.
func (k Kind) MarshalText() ([]byte, error) {
	if k < 0 || int(k) >= len(kindNames) {
		return nil, fmt.Errorf("egnn: no kind of network has the number %d", int(k))
	}
	return []byte(kindNames[k]), nil
}

// UnmarshalText reads the name. An error leaves the kind alone.
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kindNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown kind of network %q; known: %s", text, strings.Join(kindNames, ", "))
	}
	*k = Kind(i)
	return nil
}
