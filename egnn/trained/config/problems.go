package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is something wrong with a configuration.
type Problem struct {
	Line int    // in the file, from 1; 0 where it is not known, or there is no file
	Key  string // as "train.lr"; "" where it is the text itself that cannot be read
	Text string // what was expected, and found
}

// Problems is everything that is wrong with a configuration: an error of a line each,
//
//	my.toml:7: train.lr: expected a positive number, found -1
type Problems struct {
	File string // "" for a configuration that a program made
	List []Problem
}

func (p *Problems) Error() string {
	var lines []string
	for _, one := range p.List {
		line := ""
		switch {
		case p.File != "" && one.Line > 0:
			line = fmt.Sprintf("%s:%d: ", p.File, one.Line)
		case p.File != "":
			line = p.File + ": "
		}
		if one.Key != "" {
			line += one.Key + ": "
		}
		lines = append(lines, line+one.Text)
	}
	return strings.Join(lines, "\n")
}

// Unknown is an error for a word that names nothing: no preset, no model, and no file.
type Unknown struct{ Text string }

func (u *Unknown) Error() string { return u.Text }

// problems gathers them.
type problems []Problem

func (p *problems) add(key, format string, a ...any) {
	*p = append(*p, Problem{Key: key, Text: fmt.Sprintf(format, a...)})
}

// err returns them as an error, in the order of the lines; nil if there are none.
func (p problems) err(file string) error {
	if len(p) == 0 {
		return nil
	}
	list := slices.Clone(p)
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &Problems{file, list}
}

// at fills in the lines on which a text has the keys.
func (p problems) at(lines map[string]int) problems {
	for i := range p {
		p[i].Line = cmp.Or(p[i].Line, lines[p[i].Key])
	}
	return p
}

// ofWord puts what a type says of a word that it does not know in the order of all
// other problems: what was expected, then what was found.
func ofWord(err error) string {
	if m := wordError.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Sprintf("expected one of %s, found %s", m[2], m[1])
	}
	return err.Error()
}

var wordError = regexp.MustCompile(`^(?:unknown [^"]* )?("[^"]*")(?:, expected one of|; known:) (.*)$`)

// found spells a value for a message, cut where it is long.
func found(value any) string {
	text := fmt.Sprint(value)
	if s, ok := value.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	if len(text) > 60 {
		text = text[:60] + "…"
	}
	return text
}
