package main

import (
	"fmt"
	"strconv"
	"strings"
)

// span is a number of atoms, or from one to another; 0 is as the training set has them.
type span struct{ from, to int }

// String spells it as the flag does.
func (s span) String() string {
	switch s.to {
	case 0:
		return ""
	case s.from:
		return strconv.Itoa(s.to)
	}
	return fmt.Sprintf("%d-%d", s.from, s.to)
}

// MarshalText is String.
func (s span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 18 or 12-20.
func (s *span) UnmarshalText(text []byte) (err error) {
	from, to, ranged := strings.Cut(string(text), "-")
	if !ranged {
		to = from
	}
	if s.from, err = strconv.Atoi(from); err == nil {
		s.to, err = strconv.Atoi(to)
	}
	if err != nil || s.from < 1 || s.to < s.from {
		return fmt.Errorf("%q, expected a number of atoms, as 18, or the ends of a range, as 12-20", text)
	}
	return nil
}
