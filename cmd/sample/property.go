package main

import (
	"fmt"
	"strconv"
	"strings"

	"equifm/egnn/trained"
)

// asked is what a model of a property is asked for: a value, or from one to another.
type asked struct {
	key      string // "" for nothing
	from, to float64
}

// String spells it as the flag does.
func (a asked) String() string {
	switch {
	case a.key == "":
		return ""
	case a.from == a.to:
		return fmt.Sprintf("%s=%v", a.key, a.from)
	}
	return fmt.Sprintf("%s=%v:%v", a.key, a.from, a.to)
}

// MarshalText is String.
func (a asked) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads alpha=80 or alpha=60:100.
func (a *asked) UnmarshalText(text []byte) (err error) {
	key, value, ok := strings.Cut(string(text), "=")
	from, to, sweep := strings.Cut(value, ":")
	if !sweep {
		to = from
	}
	a.key = key
	if a.from, err = strconv.ParseFloat(from, 64); err == nil {
		a.to, err = strconv.ParseFloat(to, 64)
	}
	if !ok || key == "" || err != nil || a.from-a.from != 0 || a.to-a.to != 0 {
		return fmt.Errorf("%q, expected a property and its value, as alpha=80, or the ends of a sweep, as alpha=60:100", text)
	}
	return nil
}

// values returns the value that each of n molecules is asked for, nil for nothing: all
// the same, or evenly spread over the sweep, its ends included.
func (a asked) values(m *trained.Model, n int) (values []float64, err error) {
	if a.key == "" {
		return nil, nil
	}
	switch learned := string(m.Config.Condition.Property); {
	case learned == "":
		return nil, fmt.Errorf("-property %v: the model has learned no property; train one with condition.property = %q", a, a.key)
	case learned != a.key:
		return nil, fmt.Errorf("-property %v: the model has learned %s", a, learned)
	}
	for i := range n {
		share := 0.0
		if n > 1 {
			share = float64(i) / float64(n-1)
		}
		values = append(values, a.from+share*(a.to-a.from))
	}
	return values, nil
}
