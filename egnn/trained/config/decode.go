package config

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Bounds on a configuration's text. The largest preset has 5,000 bytes, and a key of ours
// one dot; what nests a million brackets deep would end the program, and a key of a
// hundred thousand parts take it minutes.
const (
	maxText = 1 << 16 // bytes
	maxDots = 32      // on a line, outside of words in quotes
)

// hostile says what of a text no configuration has, and should not be parsed.
func hostile(text string) (wrong problems) {
	if len(text) > maxText {
		wrong.add("", "expected a configuration of at most %d bytes, found %d", maxText, len(text))
		return wrong
	}
	for i, line := range strings.Split(text, "\n") {
		if n := dots(line); n > maxDots {
			return problems{{Line: i + 1, Text: fmt.Sprintf("expected a key of at most %d parts, found %d dots", maxDots, n)}}
		}
	}
	return nil
}

// dots counts those of a line that are outside of quotes and comments.
func dots(line string) (n int) {
	quote := rune(0)
	for _, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '#':
			return n
		case r == '"' || r == '\'':
			quote = r
		case r == '.':
			n++
		}
	}
	return n
}

// decode reads a text over what c holds, and finds all that is wrong with it. Keys are
// known by their exact spelling, old ones too: those are noted.
func decode(text string, c *Config) (lines map[string]int, notes []string, wrong problems) {
	var file map[string]any
	if _, err := toml.Decode(text, &file); err != nil {
		return nil, nil, problems{syntax(err)}
	}
	delete(file, "base") // base has read it
	notes = renamed(file)
	wrong = assign(reflect.ValueOf(c).Elem(), file, "")
	lines = linesOf(text)
	for _, k := range oldKeys {
		if at, there := lines[k.section+"."+k.name]; there {
			if key := k.newSection + "." + k.newName; lines[key] == 0 {
				lines[key] = at
			}
		}
	}
	return lines, notes, wrong.at(lines)
}

// syntax is what the TOML reader could not read.
func syntax(err error) Problem {
	parse := new(toml.ParseError)
	if !errors.As(err, parse) {
		return Problem{Text: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	text := parse.Message
	if _, what, ok := strings.Cut(err.Error(), "): "); text == "" && ok {
		text = what
	}
	if text == "" {
		text = err.Error()
	}
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return Problem{Line: parse.Position.Line, Key: short(parse.LastKey), Text: "no TOML: " + text}
}

// assign puts the values of a table into the fields of a section.
func assign(section reflect.Value, table map[string]any, prefix string) (wrong problems) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		key := prefix + name
		field, ok := fieldOf(section, name)
		if !ok {
			wrong.add(short(key), "unknown key; the nearest known one is %q", nearestKey(short(key)))
			continue
		}
		inner, isTable := table[name].(map[string]any)
		switch {
		case field.Kind() == reflect.Struct && isTable:
			wrong = append(wrong, assign(field, inner, key+".")...)
		case field.Kind() == reflect.Struct:
			wrong.add(key, "expected a section [%s], found %s", key, found(table[name]))
		default:
			if err := set(field, table[name]); err != nil {
				wrong.add(key, "%v", err)
			}
		}
	}
	return wrong
}

// short cuts a key that nobody can have meant.
func short(key string) string {
	if len(key) > 80 {
		return key[:80] + "…"
	}
	return key
}

// fieldOf returns the field of a section that a file calls name.
func fieldOf(section reflect.Value, name string) (field reflect.Value, ok bool) {
	for i := range section.NumField() {
		if tag := section.Type().Field(i).Tag.Get("toml"); tag == name && tag != "-" {
			return section.Field(i), true
		}
	}
	return field, false
}

// set puts a value of a file into a field.
func set(field reflect.Value, value any) error {
	if word, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		text, isText := value.(string)
		if !isText {
			text = found(value)
		}
		before := field.Interface()
		err := word.UnmarshalText([]byte(text))
		if err == nil && !isText {
			field.Set(reflect.ValueOf(before))
			err = fmt.Errorf("expected a word in quotes, found %s", text)
		}
		if err != nil {
			return errors.New(ofWord(err))
		}
		return nil
	}
	whole, isWhole := value.(int64)
	switch field.Kind() {
	case reflect.String:
		if text, ok := value.(string); ok {
			field.SetString(text)
			return nil
		}
		return fmt.Errorf("expected a word in quotes, found %s", found(value))
	case reflect.Bool:
		if b, ok := value.(bool); ok {
			field.SetBool(b)
			return nil
		}
		return fmt.Errorf("expected true or false, found %s", found(value))
	case reflect.Int, reflect.Uint64:
		if !isWhole {
			return fmt.Errorf("expected a whole number, found %s", found(value))
		}
		if field.CanUint() && whole < 0 {
			return fmt.Errorf("expected 0 to %d, found %d", math.MaxInt64, whole)
		}
		field.Set(reflect.ValueOf(whole).Convert(field.Type()))
		return nil
	case reflect.Float64:
		if v, ok := value.(float64); ok {
			field.SetFloat(v)
			return nil
		}
		if isWhole {
			field.SetFloat(float64(whole))
			return nil
		}
		return fmt.Errorf("expected a number, found %s", found(value))
	}
	panic(fmt.Sprintf("config: a field of type %v", field.Type()))
}

// Set puts a value, as a file would spell it, in the place of a key's; quotes around a
// word may be left out. The configuration is to be checked when all is set.
func (c *Config) Set(key, value string) error {
	var wrong problems
	if strings.ContainsAny(value, "\r\n") || len(value) > maxText {
		wrong.add(key, "expected a value on one line, found %s", found(value))
		return wrong.err("")
	}
	var file map[string]any
	if _, err := toml.Decode("value = "+value, &file); err != nil || len(file) != 1 {
		file = map[string]any{"value": value}
	}
	words := strings.Split(key, ".")
	nested := file["value"]
	for _, name := range slices.Backward(words) {
		nested = map[string]any{name: nested}
	}
	return assign(reflect.ValueOf(c).Elem(), nested.(map[string]any), "").err("")
}

// linesOf returns the line of every key and section of a text that is TOML.
func linesOf(text string) map[string]int {
	lines, section := map[string]int{}, ""
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		word := strings.TrimSpace(line)
		if strings.HasPrefix(word, "[") {
			section = strings.Trim(word, "[] ")
			if _, there := lines[section]; !there {
				lines[section] = i + 1
			}
			section += "."
			continue
		}
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			continue
		}
		key := section + strings.Trim(strings.TrimSpace(name), `"'`)
		lines[key] = i + 1
		for _, inner := range strings.Split(strings.Trim(strings.TrimSpace(value), "{}"), ",") { // train = {lr = 1}
			if name, _, ok := strings.Cut(inner, "="); ok {
				lines[key+"."+strings.TrimSpace(name)] = i + 1
			}
		}
		for part := key; strings.Contains(part, "."); {
			part = part[:strings.LastIndexByte(part, '.')]
			if _, there := lines[part]; !there {
				lines[part] = i + 1
			}
		}
	}
	return lines
}
