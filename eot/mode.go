package eot

import (
	"fmt"
	"slices"
	"strings"
)

// Mode says what may be chosen.
type Mode int

const (
	None        Mode = iota // the noise as drawn
	Permutation             // the assignment
	Rotate                  // the rotation
	Both                    // equivariant optimal transport
)

var modeNames = []string{"none", "permutation", "rotation", "both"}

// String returns the name.
func (m Mode) String() string {
	if m < 0 || int(m) >= len(modeNames) {
		return fmt.Sprintf("Mode(%d)", int(m))
	}
	return modeNames[m]
}

// MarshalText writes the name; a mode without one is an error.
func (m Mode) MarshalText() ([]byte, error) {
	if m < 0 || int(m) >= len(modeNames) {
		return nil, fmt.Errorf("eot: no mode has the number %d", int(m))
	}
	return []byte(modeNames[m]), nil
}

// UnmarshalText reads the name. An error leaves the mode alone.
func (m *Mode) UnmarshalText(text []byte) error {
	i := slices.Index(modeNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown mode %q; known: %s", text, strings.Join(modeNames, ", "))
	}
	*m = Mode(i)
	return nil
}
