package formats

import (
	"strings"

	"equifm/molecule"
)

// The comment line of an XYZ block, as extended XYZ has it
// (github.com/libAtoms/extxyz):
//
//	comment = item { blank item }
//	item    = string [ "=" string ]
//	string  = bare word | '"' text with \" \\ \n \r '"'
//
// An item with "=" is a property, the others together are the name.

// parseComment takes a comment apart. A comment without "=" and quotes is the
// name as it stands.
func parseComment(s string) (name string, props []molecule.Property) {
	if !strings.ContainsAny(s, `="`) {
		return strings.Trim(s, " \t"), nil
	}
	var words []string
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" {
			return strings.Join(words, " "), props
		}
		var key string
		rest, quoted := s, false
		if key, rest, quoted = unquote(s); !quoted {
			end := strings.IndexAny(s, "= \t")
			if end <= 0 { // none, or a word that begins with "="
				end = wordEnd(s)
			}
			key, rest = s[:end], s[end:]
		}
		if !strings.HasPrefix(rest, "=") {
			words = append(words, key)
			s = rest
			continue
		}
		value, after, quoted := unquote(rest[1:])
		if !quoted {
			end := wordEnd(rest[1:])
			value, after = rest[1:1+end], rest[1+end:]
		}
		props = append(props, molecule.Property{Key: key, Value: value})
		s = after
	}
}

// wordEnd is the length of the word that s begins with.
func wordEnd(s string) int {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return i
	}
	return len(s)
}

// unquote reads the quoted string that s begins with; ok is false when s does
// not begin with one that also ends.
func unquote(s string) (text, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	escaped := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if text = s[1:i]; escaped {
				text = unescape(text)
			}
			return text, s[i+1:], true
		}
	}
	return "", s, false
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			switch c = s[i]; c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)

// appendString writes s so that parseComment gives it back: bare where plain
// allows it, quoted otherwise. A line break inside becomes \n, so that no name
// can begin a new record.
func appendString(b []byte, s string, plain bool) []byte {
	if plain {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, escapes.Replace(s)...)
	return append(b, '"')
}

// plainWord tells whether s can stand bare as a key or a value.
func plainWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == '=' || c == '"' || c == 0x7f {
			return false
		}
	}
	return s != ""
}

// plainName tells whether s can stand bare as a name: plain words, one blank between.
func plainName(s string) bool {
	for word := range strings.SplitSeq(s, " ") {
		if !plainWord(word) {
			return false
		}
	}
	return true
}
